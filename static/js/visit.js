/* 邵东联户 · the phone's pages: a tap goes into the outbox (outbox.js) before anything
   else, and what waits there is shown as the page's own.
   Marks: data-door, data-key, data-name, data-counted, data-quiet, data-seen. ES2018. */
(function () {
  'use strict';
  var doc = document, cfg = doc.getElementById('phone').dataset, box = window.outbox;
  function one(query, root) { return (root || doc).querySelector(query); }
  function all(query, root) { return Array.from((root || doc).querySelectorAll(query)); }
  function say(words) { var place = one('#said'); if (place) { place.textContent = words; } }
  function show(node, on) { if (node) { node.hidden = !on; } }

  // The page as the server has it now; not under a finger that is just tapping.
  function refresh() {
    var here = one('#round');
    if (!here) { return Promise.resolve(); }
    return fetch(cfg.list, { credentials: 'same-origin' }).then(function (answer) {
      return answer.ok && !answer.redirected && !answer.headers.get('X-Kept') ? answer.text() : '';
    }).then(function (text) {
      return box.kept().then(function (items) {
        if (!text || items.some(box.held)) { return; }
        var page = new DOMParser().parseFromString(text, 'text/html'), fresh = one('#round', page);
        if (!fresh) { return; }
        here.replaceWith(doc.adoptNode(fresh));
        ['.p-prog'].forEach(function (part) {
          var old = one(part), next = one(part, page);
          if (old && next) { old.replaceWith(doc.adoptNode(next)); }
        });
      });
    }).catch(box.failed);
  }

  /* -- what the page shows ------------------------------------------------------------ */
  function paintNet(state, words, link) {
    all('.net').forEach(function (bar) {
      var on = Boolean(words) && bar.classList.contains(state);
      show(bar, on);
      if (!on) { return; }
      one('.w', bar).textContent = words;
      var to = one('.lnk', bar);
      to.textContent = link ? link[0] : '查看';
      to.href = link ? link[1] : cfg.outbox;
      show(to, cfg.outbox !== location.pathname || Boolean(link));
    });
  }
  function uploaded() {
    return Promise.all([box.kept(), box.files()]).then(function (both) {
      if (!both[0].concat(both[1]).some(box.mine)) { paintNet('ok', '都已上传'); setTimeout(paint, 5000); }
    });
  }
  function net(items, files) {
    var now = box.state();
    function refusedOf(all) { return all.filter(function (one) { return one.state === 'refused'; }).length; }
    var refused = refusedOf(items), lost = refusedOf(files), visits = items.length - refused, more = files.length - lost;
    var waiting = visits + more, what = [visits || !more ? visits + ' 条' : '', more ? '照片、录音 ' + more + ' 个' : ''].filter(Boolean).join('，');
    if (!now.stored) { return paintNet('failed', now.online ? '这个浏览器存不下记录，有网络时照样可以记' : '没有网络，这个浏览器又存不下记录，请换平常的窗口'); }
    if (refused && !waiting && now.trouble === 'sign-in') { return paintNet('failed', '登录过期了，登录后再交给村里', ['去登录', cfg.signIn]); }
    if (refused && !waiting && now.trouble === 'other') { return paintNet('failed', '现在登录的是别人，没有交给村里'); }
    if (waiting && now.trouble === 'sign-in') { return paintNet('failed', '登录过期了，' + what + '还在手机里', ['去登录', cfg.signIn]); }
    if (waiting && now.trouble === 'other') { return paintNet('failed', '现在登录的是别人，没有上传'); }
    if (!now.online) { return paintNet('off', waiting ? '没有网络，已存手机 ' + what : '没有网络，照样可以记'); }
    if (refused) { return paintNet('failed', '有 ' + refused + ' 条没有记上'); }
    if (lost) { return paintNet('failed', '有 ' + lost + ' 个照片或录音没有收下'); }
    if (waiting && now.trouble) { return paintNet('failed', what + '没有传上去，过会儿再传'); }
    if (waiting) { return paintNet('sending', what + '在手机里，马上上传'); }
    return paintNet('');
  }
  function summary(item) {
    var at = new Date(item.at), minutes = ('0' + at.getMinutes()).slice(-2), content = item.content;
    var words = at.getHours() + ':' + minutes + ' · ' + (content.has_matter ? '有情况：' + (item.said || content.topics).join('、') : '平安');
    var today = at.toDateString() === new Date().toDateString();
    return today ? words : (at.getMonth() + 1) + ' 月 ' + at.getDate() + ' 日 ' + words;
  }
  function card(name, item) {
    var li = one(name).content.firstElementChild.cloneNode(true);
    one('.nm', li).textContent = item.head;
    if (item.content) { one('.why', li).textContent = summary(item); }
    if (item.state === 'refused') { one('.tag', li).textContent = '没有记上'; }
    li.dataset.kept = item.id;
    return li;
  }
  function paint() {
    return Promise.all([box.kept(), box.files()]).then(function (both) {
      var own = both[0].filter(box.mine), files = both[1].filter(box.mine);
      net(own, files); paintWaiting(own.length, files.length); paintRound(own); paintOutbox(own, both[0].length - own.length, files);
    });
  }
  function paintWaiting(items, files) {
    var place = one('[data-waiting]');
    if (!place) { return; }
    var what = [items ? items + ' 条走访' : '', files ? files + ' 个照片、录音' : ''].filter(Boolean).join('，');
    place.textContent = what ? '还有 ' + what + '没有上传' : '都已经上传了';
  }
  function paintRound(items) {
    var round = one('#round'), section = one('[data-section=today]');
    if (!section) { return; }
    var gone = new Set(items.filter(function (item) { return item.state === 'waiting'; }).map(function (item) { return String(item.content.household); }));
    var done = Number(round.dataset.done), left = 0;
    all('[data-section=to-see] [data-door]').forEach(function (door) {
      var seen = gone.has(door.dataset.key);
      show(door, !seen);
      if (!seen) { left += 1; } else if (door.dataset.counted !== undefined) { done += 1; }
    });
    one('[data-left]').textContent = left;
    show(one('[data-section=to-see]'), left > 0);
    show(one('[data-all-done]'), left === 0);
    all('[data-kept]', section).forEach(function (li) { li.remove(); });
    var list = one('[data-today]');
    items.forEach(function (item) { list.insertBefore(card('#seen', item), list.firstChild); });
    show(section, list.children.length > 0);
    progress(done, Number(round.dataset.total));
  }
  function progress(done, total) {
    var bar = one('.p-prog');
    if (!bar) { return; }
    one('strong', bar).textContent = done + ' / ' + total;
    all('rect', bar).forEach(function (one, i) { one.setAttribute('class', i < done ? 'on' : 'un'); });
  }
  function paintOutbox(items, others, files) {
    var list = one('[data-items]'), rest = one('[data-others]');
    if (!list) { return; }
    list.textContent = '';
    items.forEach(function (item) {
      var li = line('#item', item, summary(item)), refused = item.state === 'refused';
      show(one('[data-hand]', li), refused); show(one('[data-drop]', li), !refused);
      list.appendChild(li);
    });
    files.forEach(function (file) {
      var li = line('#file', file, file.name + ' · ' + Math.max(1, Math.round(file.size / 1024)) + ' KB');
      show(one('.a', li), file.state === 'refused');
      list.appendChild(li);
    });
    show(one('[data-none]'), !items.length && !files.length && !others);
    show(one('[data-some]'), items.concat(files).some(function (one) { return one.state === 'waiting'; }));
    rest.textContent = '这部手机里还有别的代表没上传的 ' + others + ' 条，请他登录后上传。';
    show(rest, others > 0);
  }
  function line(name, item, about) {
    var li = card(name, item), why = one('.bad-why', li);
    one('.why', li).textContent = about;
    one('.hh', li).classList.toggle('late', item.state === 'refused');
    why.textContent = item.message || '';
    show(why, item.state === 'refused');
    return li;
  }
  function snack(item) {
    var old = one('.snack');
    if (old) { old.remove(); }
    var made = one('#snack').content.firstElementChild.cloneNode(true);
    var words = '已记：' + item.head + (item.content.has_matter ? '，有情况' : '，平安');
    one('span', made).textContent = words;
    one('form', made).addEventListener('submit', function (event) {
      event.preventDefault(); event.stopPropagation();
      made.remove();
      takeBack(item.id);
    });
    one('main').appendChild(made);
    say(words);
    setTimeout(function () { made.remove(); }, Math.max(item.until - Date.now(), 0));
  }

  function takeBack(id) {
    return box.undo(id).then(function (gone) {
      if (gone) { return paint().then(function () { say('已撤销'); }); }
      return trouble('这一条已经开始上传，来不及撤销了。传完以后，在“今天已走访”里点“改”，可以撤回。');
    });
  }
  // Said beside what it is about, where there is something: the page moves there.
  function trouble(words, beside) {
    one('#trouble .b').textContent = words;
    if (beside) { beside.before(one('#trouble')); }
    show(one('#trouble'), true);
    one('#trouble').scrollIntoView({ block: 'center' });
  }

  /* -- taps --------------------------------------------------------------------------- */
  doc.addEventListener('submit', function (event) {
    var form = event.target, door = form.closest('[data-door]');
    if (door && one('[data-quiet]', form)) {
      event.preventDefault();
      if (door.hidden) { return; }
      door.hidden = true;
      box.keep(door.dataset.name, { household: Number(door.dataset.key) }).then(function (item) {
        snack(item);
        return paint();
      }).catch(function (error) { unkept(form, error, door); });
    } else if (form.getAttribute('id') === 'visit') {
      event.preventDefault();
      matter(form);
    }
  }, true);
  var LACKING = { topics: '请至少选一样事；没有事就返回点“已走访，平安”。', satisfaction: '请选他满意不满意。', for_village: '请选要不要村里办。', visited_on: '请选是哪天走访的。' };
  function matter(form) {
    if (form.dataset.sent) { return; }  // a second tap, while the first is being kept
    var given = new FormData(form), missing = ['topics', 'satisfaction', 'for_village', 'visited_on'].find(function (name) { return !given.get(name); });
    var when = one('[name=visited_on]', form), ahead = given.get('visited_on') > [when.max, box.day(new Date())].sort()[1];
    if (missing || ahead) {
      var field = missing ? one('[name=' + missing + ']', form) : when, folded = field.closest('details');
      if (folded) { folded.open = true; }
      field.focus({ preventScroll: true });
      trouble(LACKING[missing] || '这一天还没有到，请选实际走访的那天。', field.closest('.field'));
      return;
    }
    form.dataset.sent = '1';
    var which = one('[name=household]', form);
    var head = which.dataset.name || which.selectedOptions[0].textContent;
    var said = all('[name=topics]:checked', form).map(function (topic) { return topic.parentNode.textContent.trim(); });
    box.keep(head.trim(), {
      household: Number(given.get('household')), visited_on: given.get('visited_on'), has_matter: true, topics: given.getAll('topics'), marks: given.getAll('marks'),
      satisfaction: given.get('satisfaction'), words: given.get('words').slice(0, 500), for_village: given.get('for_village') === 'yes'
    }, given.getAll('enclosed').filter(function (file) { return file.size; }), said).then(function (item) { location.assign(cfg.list + '#' + item.id); }).catch(function (error) { unkept(form, error); });
  }
  // Nothing was kept: with a network the form goes straight to the server; without one it
  // stays as it is, with what was said in it.
  function unkept(form, error, door) {
    if (box.state().online && navigator.onLine !== false) { form.submit(); return; }
    delete form.dataset.sent;
    var full = error && error.name === 'QuotaExceededError';
    show(door, true);
    trouble(full ? '手机空间满了，没有存下。请删掉一两张照片再按，或者等有网络时再按。' : '没有网络，这个浏览器又存不下记录，没有记上。请不要关掉这一页，有网络时再按。');
  }
  doc.addEventListener('click', function (event) {
    var on = event.target.closest('[data-send],[data-drop],[data-hand],[data-again],[data-forget]');
    if (!on) { return; }
    if (on.dataset.send !== undefined) { box.release().then(box.send); return; }
    var id = on.closest('[data-kept]').dataset.kept;
    if (on.dataset.drop !== undefined) { takeBack(id); }
    if (on.dataset.hand !== undefined) { box.handOver(id); }
    if (on.dataset.forget !== undefined) { box.forget(id).then(paint); }
    if (on.dataset.again !== undefined) { box.again(id).then(box.send); }
  });
  /* -- begin ----------------------------------------------------------------------------- */
  function which() {
    var asked = new URLSearchParams(location.search).get('household'), field = one('[data-which]');
    var select = field && one('select', field);
    if (!select || !asked || !one('option[value="' + Number(asked) + '"]', select)) { return; }
    select.value = String(Number(asked));
    show(field, false);
    one('.p-bar h1').textContent = select.selectedOptions[0].textContent.trim() + '家的情况';
    var when = one('[name=visited_on]');
    // The page may have been kept since another day.
    when.value = when.max = box.day(new Date());
  }
  function fromForm() {
    var id = location.hash.slice(1);
    if (!id || !one('#snack')) { return; }
    history.replaceState(null, '', location.pathname);
    if (id === 'away') { trouble('没有网络，刚才要看的那一页打不开。等有网络时再点。'); }
    box.kept().then(function (items) {
      var item = items.find(function (one) { return one.id === id; });
      if (item && box.held(item)) { snack(item); }
    });
  }
  function worker() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.register(cfg.worker).then(function () { return navigator.serviceWorker.ready; }).then(function (registered) {
      registered.active.postMessage({ who: cfg.who, pages: [cfg.list, cfg.matter, cfg.outbox, cfg.mine] });
    }).catch(function () { /* plain http: the outbox works while the page is open */ });
  }
  box.page.busy = function (words) { paintNet('sending', words); };
  box.page.done = function (sent) {
    return (sent ? refresh() : Promise.resolve()).then(paint).then(function () { if (sent) { uploaded(); } });
  };
  box.page.handed = function () { location.reload(); };
  which(); fromForm(); worker();
  paint().then(box.send);
}());
