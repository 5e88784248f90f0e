"""The pages of notification: their templates and languages. The routes of each part stand in a module `pages_….py`."""

from services.notification.wordings import REFUSALS
from shared.pages import Pages

pages = Pages("notification", REFUSALS)
