/* 邵东联户 · what pages need a script for; everything works without it too.
   Marks in the page: data-dialog, data-close, data-copy, data-print, data-reveal,
   data-pick-all, data-bulk, data-bulk-count, data-summary, data-search, data-dismiss,
   data-places, data-once, data-ctrl-enter, data-column, data-key, data-keys. ES2018, no
   dependency, no inline code. */
(function () {
  'use strict';
  var doc = document;
  function one(query, root) { return (root || doc).querySelector(query); }
  function all(query, root) { return Array.from((root || doc).querySelectorAll(query)); }
  function say(words) { var place = one('#said'); if (place) { place.textContent = words; } }

  /* -- trouble: what did not work, in words ------------------------------------- */
  var TROUBLE = {
    0: '没有连上服务器。请看看网络，然后再试一次；已填写的内容还在这一页上。',
    400: '服务器没有看懂这次请求。请刷新页面后再试。',
    401: '登录已经过期。请在新窗口登录，再回到这一页重试，内容不会丢。',
    403: '您没有做这件事的权限，或者页面放得太久了。请刷新页面后再试。',
    404: '要找的内容不在了，或者不在您的管理范围内。请刷新页面看看。',
    408: '等得太久，没有收到回答。请再试一次。',
    409: '别人刚刚改过这一条。请刷新页面，看过新的内容再改。',
    413: '文件太大，服务器没有收。请换小一些的文件。',
    422: '有几处填得不对，请按提示改好再保存。',
    429: '操作太快了，请等一分钟再试。'
  };
  function trouble(status) {
    var box = one('#trouble');
    if (!box) { return; }
    var other = status >= 500 ? '服务器出了问题，刚才的操作没有做成。请过几分钟再试。' : '刚才的操作没有做成，请再试一次。';
    one('.b', box).textContent = TROUBLE[status] || other;
    box.hidden = false;
    box.scrollIntoView({ block: 'nearest' });
  }

  /* -- htmx -------------------------------------------------------------------- */
  function token() {
    var meta = one('meta[name=csrf-token]');
    return meta ? meta.content : '';
  }
  doc.addEventListener('htmx:configRequest', function (event) {
    if (event.detail.verb !== 'get') { event.detail.headers['X-CSRFToken'] = token(); }
  });
  function sender(event) {
    var from = event.detail.elt;
    return from.tagName === 'FORM' ? one('[type=submit]', from) : null;
  }
  doc.addEventListener('htmx:beforeRequest', function (event) {
    var button = sender(event);
    if (button && button.hasAttribute('aria-busy')) { event.preventDefault(); return; }
    busy(button, true);
    event.detail.target.setAttribute('aria-busy', 'true');
  });
  doc.addEventListener('htmx:afterRequest', function (event) {
    busy(sender(event), false);
    event.detail.target.removeAttribute('aria-busy');
    if (event.detail.successful) { one('#trouble').hidden = true; }
  });
  doc.addEventListener('htmx:beforeSwap', function (event) {
    // A whole page instead of a part: the session ended and this is the sign-in page.
    if (/^\s*<!doctype/i.test(event.detail.xhr.responseText)) {
      event.detail.shouldSwap = false;
      if (event.detail.xhr.status < 400) { location.assign(event.detail.xhr.responseURL || location.href); }
    }
  });
  // A field that is filled in by the server while somebody writes in it stays his.
  doc.addEventListener('htmx:oobBeforeSwap', function (event) {
    if (event.detail.target === doc.activeElement) { event.detail.shouldSwap = false; }
  });
  doc.addEventListener('htmx:responseError', function (event) { trouble(event.detail.xhr.status); });
  doc.addEventListener('htmx:sendError', function () { trouble(0); });
  doc.addEventListener('htmx:timeout', function () { trouble(408); });
  doc.addEventListener('htmx:afterSwap', function (event) {
    var target = event.detail.target;
    if (target.hasAttribute('data-places') || one('[data-places]', target)) { var box = one('[data-places] input'); if (box) { box.focus(); } }
    ready(target);
  });

  /* -- forms: once, and in words ------------------------------------------------ */
  doc.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    var button = event.submitter || one('[type=submit]', form);
    // After the browser has read the form: a disabled button would not be sent.
    setTimeout(function () { busy(button, true); say('正在保存……'); }, 0);
    if (form.hasAttribute('data-again')) { setTimeout(function () { idle(form, button); }, 4000); }
  });
  function busy(button, on) {
    if (!button) { return; }
    if (on) { button.dataset.words = button.innerHTML; button.textContent = button.dataset.busy || '正在保存…'; button.setAttribute('aria-busy', 'true'); return; }
    if (button.dataset.words) { button.innerHTML = button.dataset.words; delete button.dataset.words; }
    button.removeAttribute('aria-busy');
  }
  function idle(form, button) { delete form.dataset.sent; busy(button, false); }
  window.addEventListener('pageshow', function () {
    all('form[data-sent]').forEach(function (form) { delete form.dataset.sent; });
    all('[aria-busy=true][data-words]').forEach(function (button) { busy(button, false); });
  });

  /* -- ticked rows --------------------------------------------------------------- */
  function count(form) {
    var bar = form && one('[data-bulk]', form);
    if (!bar) { return; }
    var head = one('[data-pick-all]', form);
    var boxes = all('tbody input[type=checkbox]', form);
    var ticked = boxes.filter(function (box) { return box.checked; }).length;
    one('[data-bulk-count]', bar).textContent = ticked;
    bar.classList.toggle('on', ticked > 0);
    if (head) { head.checked = ticked > 0 && ticked === boxes.length; head.indeterminate = ticked > 0 && ticked < boxes.length; }
  }
  doc.addEventListener('change', function (event) {
    var box = event.target;
    if (box.type !== 'checkbox' || !box.form) { return; }
    if (box.dataset.pickAll) {
      all('tbody input[name="' + box.dataset.pickAll + '"]', box.form).forEach(function (row) { row.checked = box.checked; });
    }
    count(box.form);
  });

  var lastTicked = null;
  doc.addEventListener('click', function (event) {
    var box = event.target;
    if (box.type !== 'checkbox' || !box.form || !box.closest('tbody')) { return; }
    var rows = all('tbody input[name="' + box.name + '"]', box.form);
    var from = rows.indexOf(lastTicked), to = rows.indexOf(box);
    if (event.shiftKey && from >= 0) {
      rows.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (row) { row.checked = box.checked; });
    }
    lastTicked = box;
  });

  /* -- clicks ---------------------------------------------------------------------- */
  function copy(button) {
    var from = one(button.dataset.copy);
    var text = from ? (from.value || from.textContent).trim() : '';
    function done() { say('已复制'); var words = button.innerHTML; button.textContent = '已复制'; setTimeout(function () { button.innerHTML = words; }, 2000); }
    if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, function () { say('没有复制成，请选中文字自己复制。'); }); return; }
    var area = doc.createElement('textarea');
    area.value = text; doc.body.appendChild(area); area.select();
    if (doc.execCommand('copy')) { done(); }
    area.remove(); button.focus();
  }
  function reveal(button) {
    var input = doc.getElementById(button.dataset.reveal);
    var shown = input.type === 'text';
    input.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
    button.textContent = shown ? '显示' : '隐藏';
  }
  function closeMenus(except) {
    all('details.menu[open]').forEach(function (menu) { if (!menu.contains(except)) { menu.open = false; } });
  }
  doc.addEventListener('click', function (event) {
    closeMenus(event.target);
    var on = event.target.closest('[data-dialog],[data-close],[data-copy],[data-print],[data-reveal],[data-dismiss]');
    if (!on) { return; }
    var data = on.dataset;
    if (data.dialog !== undefined) {
      var dialog = doc.getElementById(data.dialog);
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
    } else if (data.close !== undefined) { on.closest('dialog').close();
    } else if (data.copy !== undefined) { copy(on);
    } else if (data.print !== undefined) { window.print();
    } else if (data.reveal !== undefined) { reveal(on);
    } else { on.parentNode.hidden = true; }
  });

  /* -- keys ---------------------------------------------------------------------- */
  function isTyping(field) {
    if (field.tagName === 'INPUT') { return !/^(radio|checkbox|button|submit)$/.test(field.type); }
    return /^(TEXTAREA|SELECT)$/.test(field.tagName) || field.isContentEditable;
  }
  // What a key presses: an element that names it, or the choice of that number.
  function press(key, event) {
    var found = one('[data-key="' + (/^[a-z+]+$/.test(key) ? key : '') + '"]');
    if (!found && /^[1-9]$/.test(key)) { found = all('[data-keys] .choice input')[key - 1]; }
    if (!found) { return false; }
    event.preventDefault();
    found.click();
    return true;
  }
  function move(list, step) {
    var links = all('a', list), at = links.indexOf(doc.activeElement) + step;
    if (at < 0) { one('input', list).focus(); } else if (links[at]) { links[at].focus(); }
  }
  doc.addEventListener('keydown', function (event) {
    if (event.isComposing) { return; }
    if (event.ctrlKey && event.key === 'Enter' && press('ctrl+enter', event)) { return; }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === 'Escape') {
      all('details.menu[open]').forEach(function (menu) { menu.open = false; one('summary', menu).focus(); });
      return;
    }
    var list = event.target.closest && event.target.closest('[data-places]');
    if (list && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault(); move(list, event.key === 'ArrowDown' ? 1 : -1); return;
    }
    if (list && event.key === 'Enter' && event.target.type === 'search') { var first = one('a', list); if (first) { event.preventDefault(); first.click(); } return; }
    if (isTyping(event.target)) { return; }
    if (!doc.body.hasAttribute('data-no-keys') && press(event.key.toLowerCase(), event)) { return; }
    if (event.key === '/') { var search = one('[data-search]'); if (search && !doc.body.hasAttribute('data-no-keys')) { event.preventDefault(); search.focus(); } }
  });

  /* Ctrl+Enter presses a form's [data-ctrl-enter]; ↑ ↓ go along a column of boxes. */
  doc.addEventListener('keydown', function (event) {
    var at = event.target;
    if (event.isComposing || !at.form) { return; }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      var button = one('[data-ctrl-enter]', at.form);
      if (button) { event.preventDefault(); button.click(); }
      return;
    }
    var table = at.type === 'checkbox' && at.closest('[data-column]');
    if (!table || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) { return; }
    var boxes = all('.tick input', table), next = boxes[boxes.indexOf(at) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });

  /* -- network --------------------------------------------------------------------- */
  function network() { var bar = one('#offline'); if (bar) { bar.hidden = navigator.onLine !== false; } }
  window.addEventListener('online', network);
  window.addEventListener('offline', network);

  function ready(root) {
    all('[data-reveal]', root).forEach(function (button) { button.hidden = false; });
    var summary = one('[data-summary]', root);
    if (summary) { summary.focus(); }
    all('[data-bulk]', root).forEach(function (bar) { count(bar.closest('form')); });
  }
  network();
  ready(doc);
}());
