/* 邵东联户 · the outbox of the phone. What is tapped is kept here first, held for ten
   seconds so that it can be undone, then sent; nothing is deleted before the server has
   said that it is stored. Items belong to the person (data-who) who made them.
   Marks: data-door, data-key, data-name, data-counted, data-quiet, data-seen. ES2018. */
(function () {
  'use strict';
  var doc = document, cfg = doc.getElementById('phone').dataset, HOLD = 10000;
  function one(query, root) { return (root || doc).querySelector(query); }
  function all(query, root) { return Array.from((root || doc).querySelectorAll(query)); }
  function say(words) { var place = one('#said'); if (place) { place.textContent = words; } }
  function show(node, on) { if (node) { node.hidden = !on; } }

  /* -- the store ------------------------------------------------------------------ */
  var opened;
  function store(mode, work) {
    opened = opened || new Promise(function (done, failed) {
      var asked = indexedDB.open('lianhu', 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore('outbox', { keyPath: 'id' }); };
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { failed(asked.error); };
    });
    return opened.then(function (db) {
      return new Promise(function (done, failed) {
        var tx = db.transaction('outbox', mode), got = work(tx.objectStore('outbox'));
        tx.oncomplete = function () { done(got && got.result); };
        tx.onerror = tx.onabort = function () { failed(tx.error); };
      });
    });
  }
  function put(item) { return store('readwrite', function (s) { return s.put(item); }); }
  function drop(id) { return store('readwrite', function (s) { return s.delete(id); }); }
  function kept() {
    return store('readonly', function (s) { return s.getAll(); }).then(function (items) {
      return items.sort(function (a, b) { return a.at - b.at; });
    });
  }
  function mine(item) { return item.who === cfg.who; }
  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    return Array.from(b, function (x, i) { return ([4, 6, 8, 10].includes(i) ? '-' : '') + (x + 256).toString(16).slice(1); }).join('');
  }
  function keep(head, says) {
    var at = Date.now();
    var content = Object.assign({ captured_at: new Date(at).toISOString() }, says);
    var item = { id: uuid(), who: cfg.who, head: head, at: at, until: at + HOLD, state: 'waiting', content: content };
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
    return put(item).then(function () { setTimeout(send, HOLD + 200); return item; });
  }

  /* -- sending ---------------------------------------------------------------------- */
  var busy = false, trouble = '', online = navigator.onLine !== false;
  function ask(url, options) {
    return fetch(url, Object.assign({ credentials: 'same-origin', headers: { Accept: 'application/json' } }, options)).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (body) { return { status: answer.status, body: body }; });
    });
  }
  function write(method, url, token, body) {
    var headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token };
    return ask(url, { method: method, headers: headers, body: JSON.stringify(body) });
  }
  function send() {
    if (busy) { return Promise.resolve(0); }
    busy = true;
    return kept().then(function (items) {
      var now = Date.now();
      var due = items.filter(function (item) { return mine(item) && item.state === 'waiting' && item.until <= now; });
      return due.length ? hello().then(function (token) { return token ? each(due, token) : 0; }) : 0;
    }).catch(function () { online = false; return 0; }).then(function (sent) {
      busy = false;
      return (sent ? refresh() : Promise.resolve()).then(paint).then(function () { if (sent) { uploaded(); } return sent; });
    });
  }
  // The token is asked for each time: signing in again makes a new one.
  function hello() {
    return ask(cfg.ping).then(function (pong) {
      online = true; trouble = '';
      if (pong.status === 200 && pong.body.who === cfg.who) { return pong.body.csrf; }
      if (pong.status === 200) { trouble = 'other'; } else if (pong.status < 500) { trouble = 'sign-in'; }
      return '';
    });
  }
  function each(due, token) {
    paintNet('sending', '正在上传 ' + due.length + ' 条');
    return due.reduce(function (before, item) {
      return before.then(function (sent) {
        return trouble ? sent : write('PUT', cfg.api + item.id + '/', token, item.content).then(function (answer) { return settle(item, answer, sent); });
      });
    }, Promise.resolve(0));
  }
  // Only 200 and 201 say that it is stored. 401, 403, 429 and 5xx pass: it stays and waits.
  function settle(item, answer, sent) {
    if (answer.status === 200 || answer.status === 201) { return drop(item.id).then(function () { return sent + 1; }); }
    if ([400, 404, 409, 422].includes(answer.status)) {
      item.state = 'refused';
      item.message = answer.body.message || '服务器没有收下这一条。';
      return put(item).then(function () { return sent; });
    }
    trouble = answer.status === 401 ? 'sign-in' : 'later';
    return sent;
  }
  // The page as the server has it now; not under a finger that is just tapping.
  function refresh() {
    var here = one('#round');
    if (!here) { return Promise.resolve(); }
    return fetch(cfg.list, { credentials: 'same-origin' }).then(function (answer) {
      return answer.ok && !answer.redirected && !answer.headers.get('X-Kept') ? answer.text() : '';
    }).then(function (text) {
      return kept().then(function (items) {
        var now = Date.now();
        if (!text || items.some(function (item) { return item.until > now; })) { return; }
        var page = new DOMParser().parseFromString(text, 'text/html'), fresh = one('#round', page);
        if (!fresh) { return; }
        here.replaceWith(doc.adoptNode(fresh));
        ['.p-prog'].forEach(function (part) {
          var old = one(part), next = one(part, page);
          if (old && next) { old.replaceWith(doc.adoptNode(next)); }
        });
      });
    }).catch(function () { online = false; });
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
    return kept().then(function (items) {
      if (!items.some(mine)) { paintNet('ok', '都已上传'); setTimeout(paint, 5000); }
    });
  }
  function net(items) {
    var refused = items.filter(function (item) { return item.state === 'refused'; }).length;
    var waiting = items.length - refused;
    if (waiting && trouble === 'sign-in') { return paintNet('failed', '登录过期了，' + waiting + ' 条还在手机里', ['去登录', cfg.signIn]); }
    if (waiting && trouble === 'other') { return paintNet('failed', '现在登录的是别人，没有上传'); }
    if (!online) { return paintNet('off', waiting ? '没有网络，已存手机 ' + waiting + ' 条' : '没有网络，照样可以记'); }
    if (refused) { return paintNet('failed', '有 ' + refused + ' 条没有记上'); }
    if (waiting && trouble) { return paintNet('failed', waiting + ' 条没有传上去，过会儿再传'); }
    if (waiting) { return paintNet('sending', waiting + ' 条在手机里，马上上传'); }
    return paintNet('');
  }
  function summary(item) {
    var at = new Date(item.at), minutes = ('0' + at.getMinutes()).slice(-2), content = item.content;
    var words = at.getHours() + ':' + minutes + ' · ' + (content.has_matter ? '有情况：' + content.topics.join('、') : '平安');
    var today = at.toDateString() === new Date().toDateString();
    return today ? words : (at.getMonth() + 1) + ' 月 ' + at.getDate() + ' 日 ' + words;
  }
  function card(name, item) {
    var li = one(name).content.firstElementChild.cloneNode(true);
    one('.nm', li).textContent = item.head;
    one('.why', li).textContent = summary(item);
    if (item.state === 'refused') { one('.tag', li).textContent = '没有记上'; }
    li.dataset.kept = item.id;
    return li;
  }
  function paint() {
    return kept().then(function (items) {
      var own = items.filter(mine);
      net(own); paintRound(own); paintOutbox(own, items.length - own.length);
    });
  }
  function paintRound(items) {
    var round = one('#round'), section = one('[data-section=today]');
    if (!section) { return; }
    var gone = new Set(items.map(function (item) { return String(item.content.household); }));
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
    all('rect', bar).forEach(function (box, i) { box.setAttribute('class', i < done ? 'on' : 'un'); });
  }
  function paintOutbox(items, others) {
    var list = one('[data-items]'), rest = one('[data-others]');
    if (!list) { return; }
    list.textContent = '';
    items.forEach(function (item) {
      var li = card('#item', item), refused = item.state === 'refused', why = one('.bad-why', li);
      one('.hh', li).classList.toggle('late', refused);
      why.textContent = item.message || '';
      show(why, refused); show(one('[data-hand]', li), refused); show(one('[data-drop]', li), !refused);
      list.appendChild(li);
    });
    show(one('[data-none]'), !items.length && !others);
    show(one('[data-some]'), items.some(function (item) { return item.state === 'waiting'; }));
    rest.textContent = '这部手机里还有别的代表没上传的 ' + others + ' 条，请他登录后上传。';
    show(rest, others > 0);
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
      drop(item.id).then(paint).then(function () { say('已撤销'); });
    });
    one('main').appendChild(made);
    say(words);
    setTimeout(function () { made.remove(); }, Math.max(item.until - Date.now(), 0));
  }

  /* -- taps --------------------------------------------------------------------------- */
  doc.addEventListener('submit', function (event) {
    var form = event.target, door = form.closest('[data-door]');
    if (door && one('[data-quiet]', form)) {
      event.preventDefault();
      if (door.hidden) { return; }
      door.hidden = true;
      keep(door.dataset.name, { household: Number(door.dataset.key) }).then(function (item) {
        snack(item);
        return paint();
      }).catch(function () { form.submit(); });
    } else if (form.getAttribute('id') === 'visit') {
      event.preventDefault();
      matter(form);
    }
  }, true);
  function matter(form) {
    var given = new FormData(form), missing = ['topics', 'satisfaction', 'for_village'].find(function (name) { return !given.get(name); });
    if (missing) {
      var box = one('[name=' + missing + ']', form);
      one('#trouble .b').textContent = missing === 'topics' ? '请至少选一样事；没有事就返回点“已走访，平安”。' : '还有一项没有选，请选好再按“记好了”。';
      show(one('#trouble'), true);
      box.scrollIntoView({ block: 'center' }); box.focus();
      return;
    }
    var which = one('[name=household]', form);
    var head = which.dataset.name || which.selectedOptions[0].textContent;
    keep(head.trim(), {
      household: Number(given.get('household')), visited_on: given.get('visited_on'), has_matter: true, topics: given.getAll('topics'), marks: given.getAll('marks'),
      satisfaction: given.get('satisfaction'), words: given.get('words').slice(0, 500), for_village: given.get('for_village') === 'yes'
    }).then(function (item) { location.assign(cfg.list + '#' + item.id); }).catch(function () { form.submit(); });
  }
  doc.addEventListener('click', function (event) {
    var on = event.target.closest('[data-send],[data-drop],[data-hand]');
    if (!on) { return; }
    if (on.dataset.send !== undefined) { release().then(send); return; }
    var id = on.closest('[data-kept]').dataset.kept;
    if (on.dataset.drop !== undefined) { drop(id).then(paint); } else { handOver(id); }
  });
  function release() {
    return kept().then(function (items) {
      return Promise.all(items.filter(mine).map(function (item) { item.until = Math.min(item.until, Date.now()); return put(item); }));
    });
  }
  function handOver(id) {
    kept().then(function (items) {
      var item = items.find(function (one) { return one.id === id; });
      return hello().then(function (token) {
        if (!token) { return paint(); }
        var body = Object.assign({ head: item.head.slice(0, 30), refusal: item.message }, item.content);
        return write('POST', cfg.api + id + '/hand-over/', token, body).then(function (answer) {
          if (answer.status === 200 || answer.status === 201) { return drop(id).then(function () { location.reload(); }); }
          item.message = answer.body.message || item.message;
          return put(item).then(paint);
        });
      });
    }).catch(function () { online = false; paint(); });
  }

  /* -- begin ----------------------------------------------------------------------------- */
  function which() {
    var asked = new URLSearchParams(location.search).get('household'), field = one('[data-which]');
    var select = field && one('select', field);
    if (!select || !asked || !one('option[value="' + Number(asked) + '"]', select)) { return; }
    select.value = String(Number(asked));
    show(field, false);
    one('.p-bar h1').textContent = select.selectedOptions[0].textContent.trim() + '家的情况';
    var day = one('[name=visited_on]'), now = new Date();
    // The page may have been kept since another day.
    day.value = day.max = [now.getFullYear(), ('0' + (now.getMonth() + 1)).slice(-2), ('0' + now.getDate()).slice(-2)].join('-');
  }
  function fromForm() {
    var id = location.hash.slice(1);
    if (!id || !one('#snack')) { return; }
    history.replaceState(null, '', location.pathname);
    kept().then(function (items) {
      var item = items.find(function (one) { return one.id === id; });
      if (item && item.until > Date.now()) { snack(item); setTimeout(send, item.until - Date.now() + 200); }
    });
  }
  function worker() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.register(cfg.worker).then(function () { return navigator.serviceWorker.ready; }).then(function (registered) {
      var parts = all('link[rel=stylesheet],link[rel=icon]').map(function (link) { return link.href; });
      all('script[src]').forEach(function (script) { parts.push(script.src); });
      registered.active.postMessage({ who: cfg.who, pages: [cfg.list, cfg.matter, cfg.outbox], parts: parts });
    }).catch(function () { /* plain http: the outbox works while the page is open */ });
  }
  window.addEventListener('online', function () { online = true; send().then(paint); });
  window.addEventListener('offline', function () { online = false; paint(); });
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden) { send(); } });
  setInterval(send, 60000);
  which(); fromForm(); worker();
  paint().then(send);
}());
