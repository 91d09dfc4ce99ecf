"""Word lists for reading a chart note: what may be taken at its word, and what takes it back.

Sources of the rules: ICD-10-CM guidelines IV.H (nothing uncertain is coded for an outpatient),
IV.J and I.C.21.c.4 (history of), I.B.5 (signs and symptoms that belong to a disease).
"""

from __future__ import annotations

_SAFE = """
aaa|adhd|afib|a fib|aflutter|a flutter|aki|amd|aom|bph|bppv|cad|cap|ckd|chf|copd|copd exac|aecopd
cts|dka|dm|dm1|dm2|dmi|dmii|t1d|t1dm|t2d|t2dm|djd|ddd|dvt|etd|esrd|gad|gerd|hbp|hfpef|hfref|hfmref
hld|htn|ibs|ida|iddm|itp|lbp|lbbb|rbbb|lvh|mdd|mdd recurrent|mdd single|mgus|nash|nafld|masld
niddm|nstemi|oa|osa|ocd|oab|pcos|ptsd|pud|pvd|pvcs|psvt|rls|sle|sob|stemi|svt|uri|urti|uti|utis
wpw|pmdd|pmr|covid|covid19|hypothy|cva|mvp|rll pneumonia|vit d def|vit b12 def|wt loss|wt gain
seb k|strep throat|strep pharyngitis|c diff|si joint pain|tmj pain|llq pain|rlq pain|luq pain
ruq pain|rc tear|acl tear|bv|vvc|gi bleed|snhl|pid|long covid|cppd|crps|pots|uc|pafib|etoh abuse
"""
# Words of one kind or another, read alone, that a note uses for something else: a drug, a test,
# a body part looked at, a plan, a way to say how she feels.
_DOUBTFUL = """
pain mole moles cut fight fall falls nerves stress shock tics tic letter physical checkup preop
immunization immunizations vaccination vaccine refill warfarin methotrexate anticoagulated
colonoscopy dexa counseling divorce paperwork mammogram circumcision pregnancy pregnant twins
breech abortion newborn infection cancer carcinoma adenocarcinoma malignancy lymphoma injury
trauma frequency spotting collapse bleeding hemorrhage cramps shaking confusion confused drowsy
sleepy tired tiredness worry apathy hostility restlessness nervousness unhappiness swelling edema
rales murmur scar corn corns callus calluses blister blisters papule eruption erythema itching
rash cutting anger agitation phobia clap crabs consumption colic spasm reflux flushing pale pallor
weakness weak numbness tingling tremor chills fever nausea vomiting diarrhea cough wheezing
fatigue malaise dizziness dizzy headache insomnia smoker smoking vaping drunk alcoholic alcoholism
overdose assault rape homicidal suicidal paranoid delusions hallucinations psychotic septic
febrile rigors tearing floaters blind deaf cavities teething cold birthmark cataract cataracts
hernia fracture laceration contusion bruise hematoma abscess splinter burn wart warts trich thrush
tanning freckles retirement prison overwork poverty homeless unemployed pinta yaws gumma struma
sarcoma cystocele rectocele milia adhesions asphyxia choking snoring sneezing hiccups limping
unsteady clumsy lethargy debility frailty keratosis prematurity preemie fibroids ganglion ptosis
blackout tetanus rabies polio rubella varicella measles mumps influenza flu shingles hepatitis
typhoid cholera hypothermia coma unconscious grief palpitations dyspnea dysuria jaundice cyanosis
petechiae lymphadenopathy adenopathy hepatomegaly splenomegaly hepatosplenomegaly photophobia
diplopia hematuria syncope seizures seizure convulsions bloating
"""
# Of those, the ones a visit is often for: taken when the note says so of the patient, see
# ``note_reader``: after "c/o", "complains of", "presents with", "here for", "dx" or "assessment".
_COMPLAINTS = """
cough fever headache dizziness nausea vomiting diarrhea rash fatigue weakness insomnia
palpitations syncope dysuria dyspnea wheezing hematuria seizure seizures diplopia edema jaundice
malaise reflux itching tremor constipation shingles influenza flu hernia smoker abscess contusion
laceration lymphadenopathy ganglion numbness tingling vertigo swelling
"""

_AFTER = """
no|denies|denied|denying|deny|without|w o|negative for|neg for|absence of|absent|free of|not|never
never had|negative|nor|neither|none|lacks|non|ruled out for|declines|declined|refused|avoid|r o|ro
rule out|ruling out|evaluate for|eval for|evaluation for|assess for|assess risk|test for
testing for|tested for|check for|monitor for|monitoring for|watch for|look for|looking for|exclude
possible|possibly|probable|probably|suspect|suspects|suspected|suspicion|suspicious for|likely
questionable|question of|concern for|concerned for|concerns for|concerning for|consistent with
compatible with|suggestive of|suggests|indicative of|appears to be|felt to be|thought to be
believed to be|may be|may have|might be
might have|could be|could have|cannot exclude|differential|ddx|working diagnosis|presumed
presumptive|versus|vs|comparable with|at risk|at risk for|risk of|risk for|risk factors for
high risk|screen|screen for|screening|screening for|screened for|prevent|prevention of|prophylaxis
prevents|prophylaxis for|vaccine|vaccinated|immunized|education on|educated on|counseled on|if
in case of|unless|worried about|fear of|afraid of|rather than|instead of|as opposed to|call for
return for|should|history of|hx of|h o|hx|history|past|prior|previous|previously|former|formerly
remote|old|status post|s p|resolved|cured|healed|recovered from|in the past|as a child|childhood
years ago|last year|allergic to|allergies|allergy to|intolerant of|pending
"""
# About somebody else, to the end of the sentence.
_FAMILY = """
family history|family hx|fam hx|fhx|fh|mother|father|brother|sister|son|daughter|grandmother
grandfather|aunt|uncle|cousin|maternal|paternal|parents|siblings|mom|dad|husband|wife|spouse|child
runs in family|family member|family members|in family
"""
_BEFORE = """
ruled out|was ruled out|r o|unlikely|less likely|not likely|negative|was negative|neg|absent
denied|not seen|not present|not found|not suspected|resolved|has resolved|have resolved
in remission|cured|healed|in the past|years ago|last year|as a child|suspected|possible|probable
likely|questionable|versus|vs|rule out|screen|screening|screening test|vaccine|vaccination|shot
booster|prophylaxis|precautions|risk|risk factors|not excluded|workup|work up|test|testing|titer
antibody|antibodies|excluded|to be ruled out|in mother|in father|runs in family|education|handout
clinic|specialist
"""
# What ends the reach of a word before it.
_CUTS = """
but|however|except|although|though|now|presents|presenting|has|have|reports|complains|c o
with known|known|diagnosed|dx|here for|today|currently|current|on exam|exam|assessment|plan
"""
# Said of what she has: ends the reach before the item of the list it stands in.
_STATES = """
controlled|uncontrolled|stable|chronic|worse|worsening|improved|improving|still|continues|continue
treated|well
"""
_ANNOUNCES = """
c o|complains of|complaining of|presents with|presenting with|presents for|here for|seen for|dx
diagnosis|diagnosed with|diagnosed|assessment|impression|a p|cc|chief complaint|reason for visit
treated for|has|with|known|started on|chronic|acute
"""
# Said with "no" or "not" and yet nothing is denied.
_NOT_DENIED = """
no change|no changes|no change in|no new|not only|no longer controlled|not controlled|not at goal
not well controlled|without change|no improvement|no improvement in|not improved|not improving
no relief|no worsening|no worse|not resolved|no interval change|no better|not tolerating
no complications|without complication|without complications|uncomplicated|no known
"""
# Headings by what they make of their section: whose it is, or that it names what is treated.
_HEADINGS = {
    "family": """
family history|fh|fhx|family hx
""",
    "allergies": """
allergies|allergy
""",
    "past": """
pmh|pmhx|past medical history|past history|psh|past surgical history|surgical history
medical history|history|social history|sh
""",
    "review": """
ros|review of systems
""",
    "plan": """
health maintenance|immunizations|screening|differential|ddx|differential diagnosis
return precautions|precautions|education|referrals
""",
    "": """
hpi|subjective|objective|exam|physical exam|plan|pe|vitals|labs|meds|medications|procedure
""",
    "visit": """
cc|chief complaint|assessment|impression|a p|assessment and plan|assessment plan|dx|diagnosis
diagnoses|problems|problem list|active problems
""",
}

Phrase = tuple[str, ...]


def _phrases(text: str) -> frozenset[Phrase]:
    parts = (part for line in text.strip().splitlines() for part in line.split("|"))
    return frozenset(tuple(part.split()) for part in parts if part.strip())


SAFE = _phrases(_SAFE)
DOUBTFUL = frozenset(_DOUBTFUL.split())
COMPLAINTS = frozenset(_COMPLAINTS.split())
AFTER, BEFORE = _phrases(_AFTER), _phrases(_BEFORE)
CUTS, STATES, FAMILY = _phrases(_CUTS), _phrases(_STATES), _phrases(_FAMILY)
ANNOUNCES, NOT_DENIED = _phrases(_ANNOUNCES), _phrases(_NOT_DENIED)
HEADINGS = {name: what for what, names in _HEADINGS.items() for name in _phrases(names)}

SIDES = {
    "right": "right", "rt": "right", "r": "right", "left": "left", "lt": "left", "l": "left",
    "bilateral": "bilateral", "bilat": "bilateral", "bilaterally": "bilateral", "both": "bilateral",
    "b": "bilateral", "bl": "bilateral", "od": "right", "os": "left", "ou": "bilateral",
    "ad": "right", "au": "bilateral",
}  # fmt: skip
# Passed over inside a term: "osteoarthritis of the right knee", "pain in her left hip".
_FILLERS = "of the in a an his her my their to at on with due s type mellitus"
FILLERS = frozenset(_FILLERS.split())

# Where it is, said between a disease and its side: "carpal tunnel syndrome right wrist".
_SITES = """
syndrome disease disorder infection wrist leg arm knee ear eye hip shoulder foot ankle elbow hand
side lower upper extremity limb toe thigh calf finger thumb heel breast joint
"""
SITES = frozenset(_SITES.split())
SITE_WORDS = {"leg": ("lower", "limb"), "arm": ("upper", "limb"), "extremity": ("limb",)}

# Symptom → the diseases it belongs to, by the beginnings of their codes (guideline I.B.5).
BELONGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("M255", ("M0", "M15", "M16", "M17", "M18", "M19", "M1A", "M10", "M75", "M23", "S83")),
    ("M796", ("M72", "M77", "M76", "I73", "M54")),
    ("M545", ("M51", "M48", "M47", "M43", "S39")),
    ("M542", ("M50", "M47", "S16", "S13")),
    ("R05", ("J0", "J1", "J2", "J4", "U07")),
    ("R060", ("J1", "J4", "I50", "J8", "J9")),
    ("R0602", ("J1", "J4", "I50", "J8", "J9")),
    ("R062", ("J4", "J2")),
    ("R07", ("I2", "K21")),
    ("R12", ("K21",)),
    ("R50", ("J0", "J1", "J2", "N1", "N3", "A", "B", "U07", "L03", "H66")),
    ("R10", ("K2", "K3", "K5", "K8", "N2", "N3", "N1")),
    ("R11", ("K5", "A0", "G43", "K52")),
    ("R197", ("K5", "A0")),
    ("R30", ("N3", "N1")),
    ("R35", ("N3", "N40", "E11", "E10")),
    ("R51", ("G43", "G44", "J01", "J32")),
    ("R42", ("H81", "I95")),
    ("R53", ("D5", "D6", "E03", "F32", "F33", "J", "U07")),
    ("R739", ("E10", "E11", "E13", "R73")),
    ("R03", ("I10", "I1")),
    ("J029", ("J00", "J06", "J02")),
    ("H92", ("H60", "H65", "H66")),
    ("R60", ("I50", "N18", "I87")),
    ("R21", ("L2", "L3", "L4", "B0")),
)
