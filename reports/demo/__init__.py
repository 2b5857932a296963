"""The demo's data: who signs in, two townships full of people, the others lightly.

魏家桥镇 comes in as it would at a customer's, through the importer, and its by-elections
through the services. The others are generated from a seed, relative to the day of
loading, with a few faults of each kind, so that no list of exceptions is empty: 界岭镇 at
the size it has, each of the rest with a twentieth, so that the city has all of its
townships to compare. A city as large as the real one is made by request (`city`).
Everything is invented: the ID numbers carry area codes (430531 and on, 430596 to 430599)
that no place has.
"""
