"""What one caller may hand in. The advice is said first of all to those who cannot wait."""

from datetime import timedelta

from shared.quotas import Quota

EMERGENCY = (
    " In danger, call 110 (police), 112 (emergencies), 113 (fire) or 119 (ambulance)."
    " Dalam bahaya, telepon 110 (polisi), 112 (darurat), 113 (pemadam) atau 119 (ambulans)."
)
_WHILE = timedelta(minutes=10)

REPORTS = Quota("reports", 60, 600, _WHILE, EMERGENCY)
UPLOADS = Quota("uploads", 100, 300, _WHILE, EMERGENCY)
# One-time codes cost money and ring in somebody's pocket: few for each caller, and far fewer for each phone or mailbox.
CODES = Quota("one_time_codes", 10, 30, timedelta(hours=1))
CODES_OF_CONTACT = Quota("one_time_codes_of_contact", 3, 3, timedelta(hours=1))
CODES_OF_CONTACT_A_DAY = Quota("one_time_codes_of_contact_a_day", 10, 10, timedelta(days=1))
