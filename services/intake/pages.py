"""The pages of intake: their templates and languages. The routes of each part stand in a module `pages_….py`."""

from services.intake.wordings import REFUSALS
from shared.pages import Pages

pages = Pages("intake", REFUSALS)
