"""The demo's data: who signs in, three townships full of people, a city by request.

魏家桥镇 comes in as it would at a customer's, through the importer, and its by-elections
through the services. Two townships are
generated from a seed, relative to the day of loading, with a few faults of each kind,
so that no list of exceptions is empty. Everything is invented: the ID numbers carry
area codes (430596 to 430599) that no place has.
"""
