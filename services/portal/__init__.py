"""Where people come in: the start page, sign-in, the desk with its counts, and the frame of a case.

It owns no complaint, hears no event and keeps nothing: what a page shows of a case comes from the services' own panels.
Who is signed in stands in a cookie of their browser, which every service reads by itself.
"""
