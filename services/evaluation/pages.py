"""The pages of evaluation: their templates and languages. The routes of each part stand in a module `pages_….py`."""

from services.evaluation.wordings import REFUSALS
from shared.pages import Pages

pages = Pages("evaluation", REFUSALS)
