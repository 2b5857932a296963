"""The access matrix, written by hand: what each address asks for, and of whom.

A wrong declaration on a view is seen here by someone; a new address fails until it
stands in `ASKS`, and until `tests.policy.objects` knows how to fill its arguments.
"""

from accounts.access import PUBLIC, Access
from accounts.permissions import Permission as P

SIGNED_IN = Access()
SIGNING_IN = Access(unfinished=True)


def needs(permission: P) -> Access:
    """Return the declaration of a view that asks for `permission`."""
    return Access(permission=permission)


ASKS: dict[str, Access] = {
    # Anyone: the process itself, the API's description, the demo's gallery, signing in.
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "schema": PUBLIC,
    "ui:gallery": PUBLIC,
    "ui:gallery-page": PUBLIC,
    "ui:gallery-job": PUBLIC,
    "ui:gallery-picker": PUBLIC,
    "ui:gallery-trouble": PUBLIC,
    "accounts:sign-in": PUBLIC,
    "accounts:text-size": PUBLIC,
    # One's own account, whatever the post.
    "accounts:sign-out": SIGNING_IN,
    "accounts:password": SIGNING_IN,
    "accounts:second-factor": SIGNING_IN,
    "accounts:me": SIGNED_IN,
    "accounts:posts": SIGNED_IN,
    "accounts:devices-end": SIGNED_IN,
    "accounts:device-end": SIGNED_IN,
    "accounts:codes-renew": SIGNED_IN,
    "accounts:second-factor-remove": SIGNED_IN,
    "reports:home": SIGNED_IN,
    # One's own messages; what was sent in one's range.
    "inbox:list": SIGNED_IN,
    "inbox:open": SIGNED_IN,
    "inbox:read-all": SIGNED_IN,
    "inbox:sent": needs(P.MESSAGE_SEND),
    "api:messages": SIGNED_IN,
    "api:message-read": SIGNED_IN,
    # Overview
    "reports:region": needs(P.OVERVIEW_VIEW),
    "reports:person": needs(P.VISIT_VIEW),
    "reports:picker": needs(P.OVERVIEW_VIEW),
    "reports:system": needs(P.SYSTEM_VIEW),
    "api:regions": needs(P.OVERVIEW_VIEW),
    # Accounts one manages
    "accounts:list": needs(P.ACCOUNT_VIEW),
    "accounts:detail": needs(P.ACCOUNT_VIEW),
    "accounts:new": needs(P.ACCOUNT_MANAGE),
    "accounts:post-new": needs(P.ACCOUNT_MANAGE),
    "accounts:post-end": needs(P.ACCOUNT_MANAGE),
    "accounts:password-reset": needs(P.ACCOUNT_MANAGE),
    "accounts:unlock": needs(P.ACCOUNT_MANAGE),
    "accounts:close": needs(P.ACCOUNT_MANAGE),
    "accounts:reopen": needs(P.ACCOUNT_MANAGE),
    "accounts:second-factor-reset": needs(P.ACCOUNT_MANAGE),
    "accounts:roles": needs(P.ROLE_VIEW),
    "accounts:audit": needs(P.AUDIT_VIEW),
    # Representatives and seats
    "representatives:list": needs(P.REPRESENTATIVE_VIEW),
    "representatives:detail": needs(P.REPRESENTATIVE_VIEW),
    "representatives:edit": needs(P.REPRESENTATIVE_EDIT),
    "representatives:account": needs(P.ACCOUNT_MANAGE),
    "representatives:reveal": needs(P.SENSITIVE_REVEAL),
    "representatives:seats-home": needs(P.REPRESENTATIVE_VIEW),
    "representatives:seats": needs(P.REPRESENTATIVE_VIEW),
    "representatives:enrol": needs(P.REPRESENTATIVE_EDIT),
    "representatives:term": needs(P.REPRESENTATIVE_EDIT),
    "representatives:constituency-new": needs(P.REPRESENTATIVE_EDIT),
    "representatives:constituency-edit": needs(P.REPRESENTATIVE_EDIT),
    "representatives:constituency-end": needs(P.REPRESENTATIVE_EDIT),
    "representatives:seats-add": needs(P.REPRESENTATIVE_EDIT),
    "representatives:seat-close": needs(P.REPRESENTATIVE_EDIT),
    # Households and who looks after them
    "households:list": needs(P.HOUSEHOLD_VIEW),
    "households:detail": needs(P.HOUSEHOLD_VIEW),
    "households:transfers": needs(P.HOUSEHOLD_VIEW),
    "households:links-home": needs(P.HOUSEHOLD_VIEW),
    "households:links": needs(P.HOUSEHOLD_VIEW),
    "households:new-home": needs(P.HOUSEHOLD_EDIT),
    "households:new": needs(P.HOUSEHOLD_EDIT),
    "households:edit": needs(P.HOUSEHOLD_EDIT),
    "households:categories": needs(P.HOUSEHOLD_EDIT),
    "households:off-roll": needs(P.HOUSEHOLD_EDIT),
    "households:offer": needs(P.HOUSEHOLD_EDIT),
    "households:reveal": needs(P.SENSITIVE_REVEAL),
    "households:accept": needs(P.HOUSEHOLD_EDIT),
    "households:decline": needs(P.HOUSEHOLD_EDIT),
    "households:withdraw": needs(P.HOUSEHOLD_EDIT),
    "households:assign": needs(P.HOUSEHOLD_EDIT),
    "households:propose": needs(P.HOUSEHOLD_EDIT),
    "households:apply": needs(P.HOUSEHOLD_EDIT),
    "households:leave": needs(P.REPRESENTATIVE_EDIT),
    "households:left": needs(P.REPRESENTATIVE_VIEW),
    "households:category-list": needs(P.CATEGORY_MANAGE),
    "households:category-new": needs(P.CATEGORY_MANAGE),
    "households:category-edit": needs(P.CATEGORY_MANAGE),
    # Visits: on the phone, at the village, and what a phone could not deliver
    "visits:service-worker": PUBLIC,
    "visits:phone": needs(P.VISIT_RECORD),
    "visits:matter": needs(P.VISIT_RECORD),
    "visits:outbox": needs(P.VISIT_RECORD),
    "visits:quick": needs(P.VISIT_RECORD),
    "visits:change": needs(P.VISIT_RECORD),
    "visits:undo": needs(P.VISIT_RECORD),
    "visits:handed-take": needs(P.VISIT_RECORD),
    "visits:handed-decline": needs(P.VISIT_RECORD),
    "visits:door": needs(P.VISIT_VIEW),
    "visits:handed": needs(P.VISIT_VIEW),
    "visits:overdue": needs(P.VISIT_VIEW),
    "visits:urge-list": needs(P.MESSAGE_SEND),
    "visits:urge": needs(P.MESSAGE_SEND),
    "visits:policy-list": needs(P.POLICY_MANAGE),
    "visits:policy-new": needs(P.POLICY_MANAGE),
    "visits:policy-plan": needs(P.POLICY_MANAGE),
    "visits:policy-progress": needs(P.POLICY_MANAGE),
    "visits:policy-adopt": needs(P.POLICY_MANAGE),
    "visits:policy-withdraw": needs(P.POLICY_MANAGE),
    "api:ping": SIGNED_IN,
    "api:visits": needs(P.VISIT_VIEW),
    "api:visit": needs(P.VISIT_VIEW),
    "api:visit-withdraw": needs(P.VISIT_RECORD),
    "api:visit-hand-over": needs(P.VISIT_RECORD),
    # Exporting the rolls: a file is its owner's alone
    "reports:export-list": needs(P.ROLL_EXPORT),
    "reports:export-new": needs(P.ROLL_EXPORT),
    "reports:export": needs(P.ROLL_EXPORT),
    "reports:export-progress": needs(P.ROLL_EXPORT),
    "reports:export-file": needs(P.ROLL_EXPORT),
    # Importing workbooks
    "workbooks:list": needs(P.WORKBOOK_IMPORT),
    "workbooks:new": needs(P.WORKBOOK_IMPORT),
    "workbooks:template": needs(P.WORKBOOK_IMPORT),
    "workbooks:upload": needs(P.WORKBOOK_IMPORT),
    "workbooks:progress": needs(P.WORKBOOK_IMPORT),
    "workbooks:sheet": needs(P.WORKBOOK_IMPORT),
    "workbooks:columns": needs(P.WORKBOOK_IMPORT),
    "workbooks:confirm": needs(P.WORKBOOK_IMPORT),
    "workbooks:refused": needs(P.WORKBOOK_IMPORT),
    "workbooks:again": needs(P.WORKBOOK_IMPORT),
    "workbooks:resume": needs(P.WORKBOOK_IMPORT),
    "workbooks:abandon": needs(P.WORKBOOK_IMPORT),
    "workbooks:undo": needs(P.WORKBOOK_IMPORT),
}
