"""Made-up chart notes with the codes that should be offered, and by their absence what should not.

``NoteCase(note, expected, also)``: ``expected`` must be offered; ``also`` may be; nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteCase:
    note: str
    expected: str = ""
    also: str = ""


CASES = (
    # What the visit is about, as a solo office writes it.
    NoteCase(
        "62 y/o with right knee pain worse on stairs, known OA R knee. HTN controlled on "
        "lisinopril. DM2, A1c 7.1, no complications. Exam: effusion, crepitus, ROM limited.",
        "M17.11 I10 E11.9 M25.561",
    ),
    NoteCase("Here for follow up of hypothyroidism and GERD, both stable.", "E03.9 K21.9"),
    NoteCase("Assessment: 1. HTN 2. HLD 3. obesity", "I10 E78.5 E66.9"),
    NoteCase("Pt c/o low back pain x 2 wks after lifting. No radiation.", "M54.50"),
    NoteCase("Impression: acute sinusitis. Amoxicillin 10 days.", "J01.90"),
    NoteCase("COPD, still wheezing. Continue inhalers.", "J44.9"),
    NoteCase("Left shoulder pain, cannot lift arm overhead.", "M25.512"),
    NoteCase("Pain in the left hip for months.", "M25.552"),
    NoteCase("Knee OA, bilateral. Injection discussed.", "M17.0"),
    NoteCase("Plantar fasciitis, stretching shown.", "M72.2"),
    NoteCase("Dx: UTI. Nitrofurantoin.", "N39.0"),
    NoteCase("Diagnosed with strep throat today, rapid strep positive.", "J02.0"),
    NoteCase("Anxiety and depression, sertraline helps.", "F41.8"),
    NoteCase("Asthma, mild intermittent, well controlled.", "J45.909", "J45.20"),
    NoteCase("Afib on apixaban. CHF compensated, no edema.", "I48.91 I50.9"),
    NoteCase("Carpal tunnel syndrome right wrist, splint at night.", "G56.01"),
    NoteCase("Type 2 diabetes with hyperglycemia, metformin raised.", "E11.65", "E11.9 R73.9"),
    NoteCase("Gout flare left great toe last week, better on colchicine.", "M10.9", "M10.072"),
    NoteCase("ADHD stable on current dose.\nOSA, uses CPAP nightly.", "F90.9 G47.33"),
    NoteCase("Vitamin D deficiency, repeat level. Osteoporosis, alendronate.", "E55.9 M81.0"),
    NoteCase("Migraine without relief from ibuprofen.", "G43.909"),
    NoteCase("Assessment: seborrheic keratosis, back. Psoriasis, elbows.", "L82.1 L40.9"),
    NoteCase("Iron deficiency anemia, ferritin 8.", "D50.9"),
    NoteCase("Chief complaint: headache. Exam normal.", "R51.9"),
    NoteCase("Complains of dizziness when standing.", "R42"),
    NoteCase("Allergic rhinitis, worse in spring. Eczema on both hands.", "J30.9 L30.9"),
    # Codes written in the note.
    NoteCase("Code I10 and E11.65, visit 99214, injection 20610.", "I10 E11.65 99214 20610"),
    NoteCase("Dx M54.16, M99.03. Call 540-555-0118, zip 24153, BP 132/84.", "M54.16 M99.03"),
    NoteCase("B12 level low normal, A1C 6.9, L4-L5 tender, T12 fine, vitamin K2."),
    NoteCase("Gave J1030 40 mg IM. G0439 not done.", "J1030"),
    # Denied.
    NoteCase("Denies chest pain, shortness of breath, fever or cough."),
    NoteCase("No history of asthma, COPD or heart failure."),
    NoteCase("HTN stable. No chest pain, no palpitations, without headache.", "I10"),
    NoteCase("Patient denies depression but has anxiety.", "F41.9"),
    NoteCase("Negative for pneumonia, UTI ruled out."),
    NoteCase("No evidence of DVT. Cellulitis left leg, cephalexin.", "L03.116"),
    NoteCase("Hypertension not at goal, increase dose.", "I10"),
    NoteCase("No change in COPD. Never had a stroke.", "J44.9"),
    # Doubted: never coded for an outpatient (guideline IV.H).
    NoteCase("R/O pneumonia. Possible bronchitis. Suspected DVT, ultrasound ordered."),
    NoteCase("Probable gout vs cellulitis."),
    NoteCase("Troponin negative. Felt to be GERD."),
    NoteCase("Appendicitis?"),
    NoteCase("Findings consistent with sciatica, will image."),
    NoteCase("Rash on arms, suspicious for scabies."),
    NoteCase("Screening for diabetes and hyperlipidemia. Flu vaccine given."),
    NoteCase("Return if fever, vomiting or chest pain. Risk of stroke discussed."),
    # Somebody else's, or in the past.
    NoteCase("Mother has diabetes, father died of CHF, sister with asthma."),
    NoteCase("Family history: HTN, gout, colon cancer\nAssessment: GERD", "K21.9"),
    NoteCase("FH of breast cancer. PMH: asthma, appendicitis."),
    NoteCase("History of pneumonia in 2019. S/p cholecystitis. Prior migraine, resolved."),
    NoteCase("Old MI 2015, on aspirin.", "I25.2"),
    NoteCase("Allergies: penicillin causes hives\nHPI: knee pain left since Monday.", "M25.562"),
    NoteCase("ROS: no fever, cough, nausea. Constipation present."),
    NoteCase("Sinusitis resolved. Otitis media left ear, amoxicillin.", "H66.92"),
    # Words that mean something else.
    NoteCase("Cold packs, physical therapy, will call with letter. Reflux of contrast not seen."),
    NoteCase("Pt alert, RA sat 98%, PE normal, MS intact, ED visit last month, AS needed."),
)
