"""Who may do what: permissions declared by modules, actors, the decorator that every page carries.

Takes values only (`Actor`), so it needs no accounts. The role x permission table is found through the
setting `SHIELD_ROLES`.
"""
