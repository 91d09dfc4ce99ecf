"""Windows that come before or beside the main one."""
