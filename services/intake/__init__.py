"""Intake: takes reports in from the web, the app, the counter, 110 and partner channels, and gives each its receipt.

It decides what is fit to be stored, that a repeated request has one effect, and what a tracking code may still change.
Hears no events, but the submit commands of partner channels. Says complaint.submitted, complaint.supplemented,
complaint.withdrawn and call.logged.
"""
