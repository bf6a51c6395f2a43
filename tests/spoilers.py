"""For every guard of the packs: a lawful case, one step before, with one thing spoilt so that just this guard fails.

Driven from the loaded pack by tests/stories/test_refusals.py: a guard without a spoiler fails there. The spoilers stand by theme
in the modules named here; importing them registers them.
"""

import spoilers_crime
import spoilers_decision
import spoilers_erasure
import spoilers_execution
import spoilers_hearing
import spoilers_inquiry
import spoilers_people
import spoilers_public
import spoilers_recording
import spoilers_relations
import spoilers_remedy
import spoilers_service
from spoiling import EVERYWHERE, SPOILERS, Spoiler

MODULES = (
    spoilers_people,
    spoilers_inquiry,
    spoilers_recording,
    spoilers_relations,
    spoilers_decision,
    spoilers_hearing,
    spoilers_service,
    spoilers_execution,
    spoilers_remedy,
    spoilers_public,
    spoilers_crime,
    spoilers_erasure,
)

__all__ = ["EVERYWHERE", "MODULES", "SPOILERS", "Spoiler"]
