"""`{% load ui %}`: the components. Paired tags end in `{% end<name> %}`.

Frame     side_nav · top_bar · crumbs come from `shell`
Page      page_head · seg · btn · icon · print_head · print_foot
Figures   kpi_strip · delta · light · tag · progress   |figure |rate |money |day |spoken |moment
Forms     field · error_summary · choice cards by widget (ui.forms) · filter_bar
Tables    th · pager · bulk_bar · pick_all · pick_row · qs · address
Words     notice · empty · dialog · skeleton · job · tally · todo_list · steps · timeline
          · diff · kv · stats · quote
Phone     net_bar · save_bar · snack

The values these tags take are the frozen classes of `ui.parts`. Every state of every
component stands in the gallery (`ui:gallery`, demo mode).
"""

from __future__ import annotations

from ui.tags import figures, forms, frame, page, phone, tables, words
from ui.tags.library import register

__all__ = ["figures", "forms", "frame", "page", "phone", "register", "tables", "words"]
