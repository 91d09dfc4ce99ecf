from app.bootstrap import run

raise SystemExit(run())
