"""The design system: shell, components, charts. No domain words, no models.

A page, in short:

    {% extends "base.html" %}{% load ui charts %}
    {% block title %}联系户{% endblock %}
    {% block page_head %}
    {% page_head title="联系户" sub="412 户" %}{% btn "导出" href=export %}{% endpage_head %}
    {% endblock %}
    {% block content %}
    <section class="card"><header><h2>清单</h2><span class="r">单位：户</span></header>
      {% filter_bar filters %}
      <div class="tw" tabindex="0" role="region" aria-label="联系户表"><table>…</table></div>
      {% pager page unit="户" %}
    </section>
    {% endblock %}
    {% block aside %}<section class="card">…</section>{% endblock %}

* `base.html` desktop (blocks title, head, page_head, content, aside, scripts);
  `base_phone.html` phone (head_bar, progress, net, content, bottom); `base_bare.html`
  sign-in and public pages; `base_print.html` a sheet of A4 (sheet_class wide/official).
* One context variable, `shell` (`ui.shell.Shell` or None). Values of components are the
  frozen classes of `ui.parts` and `ui.charts`. Tags: `ui.templatetags.ui`, `.charts`.
* Forms: `FORM_RENDERER = "ui.forms.Renderer"`, mixin `ui.forms.PlainWords`, widgets
  there; `{% error_summary form %}` on top, then `{% field form.name %}` or `{{ form }}`.
  Answer 422 when a form is wrong.
* Classes worth knowing: card (header, .r, .pad, .acts, .foot.in), cols, stack, row2,
  tw (table in a region; tw wide for more than 12 columns), num, nm (name link), long
  (cell that wraps), tr.tot, tr.bad, tr.warn, plate, muted, bad-t, warn-t, ok-t, sr,
  no-print, print-only, wide-print, card.flow (may break over pages).
* No `style=`, no inline script, no `on…=`: the content policy refuses them, a test too.
* app.js reads marks: data-dialog="id", data-close, data-copy="#id", data-print,
  data-reveal, data-busy="words" (of a submit button), data-again (a form whose answer
  is a file: its button comes back after 4 s).
* Every state of every component: `/gallery/` in demo mode (`ui:gallery`).
"""
