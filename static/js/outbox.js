/* 邵东联户 · the outbox of the phone: keeping what was tapped, and sending it. It is held
   for ten seconds so that it can be undone, then sent; nothing is deleted before the
   server has said that it is stored. Items belong to the person (data-who) who made them.
   What the page shows of it is visit.js, which says how (`page`). ES2018. */
(function () {
  'use strict';
  var cfg = document.getElementById('phone').dataset, HOLD = 10000, PATIENCE = 60000, FILE_PATIENCE = 600000;
  var page = { busy: function () {}, done: function () { return Promise.resolve(); }, handed: function () {} };

  /* -- the store ------------------------------------------------------------------ */
  // Three stores: visits; what came with them; the bytes of that, read only to be sent.
  var opened, stored = true, ALL = ['outbox', 'files', 'bytes'];
  function open() {
    return new Promise(function (done, failed) {
      var asked = indexedDB.open('lianhu', 2);
      asked.onupgradeneeded = function () {
        ALL.forEach(function (name) { if (!asked.result.objectStoreNames.contains(name)) { asked.result.createObjectStore(name, { keyPath: 'id' }); } });
      };
      asked.onsuccess = function () {
        var db = asked.result;
        db.onclose = db.onversionchange = function () { db.close(); opened = undefined; };
        done(db);
      };
      asked.onerror = function () { failed(asked.error); };
    });
  }
  // All of the work or none of it: a visit is kept together with what came with it.
  function store(mode, work) {
    opened = opened || open();
    opened.catch(function () { opened = undefined; stored = false; });
    return opened.then(function (db) {
      return new Promise(function (done, failed) {
        var tx = db.transaction(ALL, mode), got = work(function (name) { return tx.objectStore(name); });
        tx.oncomplete = function () { done(got && got.result); };
        tx.onerror = tx.onabort = function () { failed(tx.error); };
      });
    });
  }
  function read(name) {
    return store('readonly', function (s) { return s(name).getAll(); }).catch(function (error) {
      if (stored) { throw error; }
      return [];  // a private window: the forms still work while there is a network
    });
  }
  // Read and written in one piece: what was sent or taken back meanwhile does not return.
  function change(id, how, name) {
    var there = false;
    return store('readwrite', function (s) {
      var asked = s(name || 'outbox').get(id);
      asked.onsuccess = function () {
        there = Boolean(asked.result);
        if (there) { how(asked.result); asked.source.put(asked.result); }
      };
    }).then(function () { return there; });
  }
  function refused(id, words, name) { return change(id, function (one) { one.state = 'refused'; one.message = words; }, name); }
  function drop(id) { return store('readwrite', function (s) { return s('outbox').delete(id); }); }
  function forget(id) { return store('readwrite', function (s) { s('files').delete(id); return s('bytes').delete(id); }); }
  // Takes a record back and says true; false of one that was sent and not answered: the
  // server may have it.
  function undo(id) {
    var gone = true;
    return store('readwrite', function (s) {
      var item = s('outbox').get(id), files = s('files').getAll();
      files.onsuccess = function () {
        gone = !(item.result && item.result.state === 'waiting' && item.result.sent);
        if (!gone) { return; }
        files.result.forEach(function (file) { if (file.visit === id) { s('files').delete(file.id); s('bytes').delete(file.id); } });
        s('outbox').delete(id);
      };
    }).then(function () { return gone; });
  }
  function kept() {
    return read('outbox').then(function (items) {
      return items.sort(function (a, b) { return a.at - b.at; });
    });
  }
  function mine(item) { return item.who === cfg.who; }
  function day(date) { return [date.getFullYear(), ('0' + (date.getMonth() + 1)).slice(-2), ('0' + date.getDate()).slice(-2)].join('-'); }
  function uuid() {
    var b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    return Array.from(b, function (x, i) { return ([4, 6, 8, 10].includes(i) ? '-' : '') + (x + 256).toString(16).slice(1); }).join('');
  }
  function keep(head, says, files, said) {
    var at = Date.now();
    var content = Object.assign({ captured_at: new Date(at).toISOString() }, says);
    var item = { id: uuid(), who: cfg.who, head: head, at: at, until: at + HOLD, state: 'waiting', content: content, said: said };
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
    return Promise.all((files || []).map(function (file) { return new Response(file).arrayBuffer(); })).then(function (bytes) {
      return store('readwrite', function (s) {
        bytes.forEach(function (one, i) {
          var id = uuid();
          s('files').put({ id: id, visit: item.id, who: cfg.who, head: head, name: files[i].name, size: one.byteLength, at: at, state: 'waiting' });
          s('bytes').put({ id: id, bytes: one });
        });
        return s('outbox').put(item);
      });
    }).then(function () { setTimeout(send, HOLD + 200); return item; });
  }
  // For ten seconds; a clock that was set back meanwhile must not hold it for days.
  function held(item) { var left = item.until - Date.now(); return left > 0 && left <= HOLD; }

  /* -- sending ---------------------------------------------------------------------- */
  var busy = false, anew = false, waking, trouble = '', online = navigator.onLine !== false;
  // A line that neither answers nor breaks must not hold up what is tapped after it.
  function ask(url, options, patience) {
    var end = new AbortController(), tired = setTimeout(function () { end.abort(); }, patience || PATIENCE);
    return fetch(url, Object.assign({ credentials: 'same-origin', headers: { Accept: 'application/json' }, signal: end.signal }, options)).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (body) { return { status: answer.status, body: body }; });
    }).finally(function () { clearTimeout(tired); });
  }
  function write(method, url, token, body) {
    var headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token };
    return ask(url, { method: method, headers: headers, body: JSON.stringify(body) });
  }
  function send() {
    if (busy) { anew = true; return Promise.resolve(0); }
    busy = true; anew = false;
    return Promise.all([kept(), read('files')]).then(function (both) {
      // A page opened meanwhile has no timer of the tap: the soonest wakes it.
      var waits = both[0].find(function (item) { return mine(item) && held(item); });
      clearTimeout(waking);
      if (waits) { waking = setTimeout(send, waits.until - Date.now() + 200); }
      var due = both[0].filter(function (item) { return mine(item) && item.state === 'waiting' && !held(item); });
      var files = both[1].filter(function (file) { return mine(file) && file.state === 'waiting'; });
      var ready = files.some(function (file) { return !both[0].some(function (item) { return item.id === file.visit; }); });
      if (!due.length && !ready) { return 0; }
      return hello().then(function (token) {
        if (!token) { return 0; }
        return each(due, token).then(function (sent) { return enclose(token).then(function (more) { return sent + more; }); });
      });
    }).catch(function () { online = false; return 0; }).then(function (sent) {
      busy = false;
      return page.done(sent).then(function () { return anew ? send() : sent; });
    });
  }
  // The token is asked for each time: signing in again makes a new one.
  var skew = 0;
  function hello() {
    return ask(cfg.ping).then(function (pong) {
      online = true; trouble = '';
      if (pong.status === 200 && pong.body.who === cfg.who) { skew = Date.parse(pong.body.now) - Date.now(); return pong.body.csrf; }
      if (pong.status === 200) { trouble = 'other'; } else if (pong.status < 500) { trouble = 'sign-in'; }
      return '';
    });
  }
  function each(due, token) {
    if (due.length) { page.busy('正在上传 ' + due.length + ' 条'); }
    return due.reduce(function (before, item) {
      return before.then(function (sent) {
        if (trouble) { return sent; }
        return timed(item).then(function (there) {
          return there ? write('PUT', cfg.api + item.id + '/', token, item.content).then(function (answer) { return settle(item, answer, sent); }) : sent;
        });
      });
    }, Promise.resolve(0));
  }
  // A clock that is wrong by more than an hour: put right once, and kept before it is
  // sent, so that sending again says the same.
  function timed(item) {
    return change(item.id, function (kept) {
      if (!kept.timed && Math.abs(skew) > 3600000) {
        var was = new Date(kept.at), is = new Date(Math.min(kept.at + skew, Date.now() + skew));
        kept.content.captured_at = is.toISOString();
        if (kept.content.visited_on === day(was)) { kept.content.visited_on = day(is); }
      }
      kept.timed = kept.sent = true;
      item.content = kept.content;
    });
  }
  // What came with a visit follows it, one by one, each by its own id.
  function enclose(token) {
    return Promise.all([kept(), read('files')]).then(function (both) {
      var waits = new Set(both[0].map(function (item) { return item.id; }));
      var due = both[1].filter(function (file) { return mine(file) && file.state === 'waiting' && !waits.has(file.visit); });
      return due.reduce(function (before, file, i) {
        return before.then(function (sent) {
          if (trouble) { return sent; }
          page.busy('正在上传照片、录音 ' + (i + 1) + ' / ' + due.length);
          return sendFile(file, token, sent);
        });
      }, Promise.resolve(0));
    });
  }
  function sendFile(file, token, sent) {
    return store('readonly', function (s) { return s('bytes').get(file.id); }).then(function (held) {
      if (!held) { return settleFile(file, { status: 422, body: { message: '手机清理掉了这个文件，没有传上去。' } }, sent); }
      var headers = { Accept: 'application/json', 'Content-Type': 'application/octet-stream', 'X-CSRFToken': token };
      var url = cfg.api + file.visit + '/attachments/' + file.id + '/?name=' + encodeURIComponent(file.name);
      return ask(url, { method: 'PUT', headers: headers, body: held.bytes }, FILE_PATIENCE).then(function (answer) { return settleFile(file, answer, sent); });
    });
  }
  function settleFile(file, answer, sent) {
    if (answer.status === 200 || answer.status === 201) { return forget(file.id).then(function () { return sent + 1; }); }
    if ([400, 404, 409, 413, 422].includes(answer.status)) {
      var words = answer.status === 413 ? '文件太大，没有收下，一个最多 10 MB。请换一张小一点的。' : answer.body.message;
      return refused(file.id, words || '服务器没有收下这个文件。', 'files').then(function () { return sent; });
    }
    trouble = answer.status === 401 ? 'sign-in' : 'later';
    return sent;
  }
  // Only 200 and 201 say that it is stored. 401, 403, 429 and 5xx pass: it stays and waits.
  function settle(item, answer, sent) {
    if (answer.status === 200 || answer.status === 201) { return drop(item.id).then(function () { return sent + 1; }); }
    if ([400, 404, 409, 422].includes(answer.status)) {
      return refused(item.id, answer.body.message || '服务器没有收下这一条。').then(function () { return sent; });
    }
    trouble = answer.status === 401 ? 'sign-in' : 'later';
    if (answer.status >= 500) { return sent; }
    return change(item.id, function (one) { one.sent = false; }).then(function () { return sent; });
  }

  /* -- what a person may do with an item ------------------------------------------------ */
  function again(id) {
    return change(id, function (file) { file.state = 'waiting'; }, 'files');
  }
  function release() {
    return kept().then(function (items) {
      return Promise.all(items.filter(mine).map(function (item) {
        return change(item.id, function (one) { one.until = Math.min(one.until, Date.now()); });
      }));
    });
  }
  function handOver(id) {
    kept().then(function (items) {
      var item = items.find(function (one) { return one.id === id; });
      return hello().then(function (token) {
        if (!token) { return page.done(0); }
        var body = Object.assign({ head: item.head.slice(0, 30), refusal: item.message }, item.content);
        return write('POST', cfg.api + id + '/hand-over/', token, body).then(function (answer) {
          if (answer.status === 200 || answer.status === 201) { return drop(id).then(page.handed); }
          // What passes is no answer to the record: its own reason stays.
          var words = [400, 404, 409, 422].includes(answer.status) ? answer.body.message : '';
          return refused(id, words || item.message).then(function () { return page.done(0); });
        });
      });
    }).catch(function () { online = false; page.done(0); });
  }

  window.addEventListener('online', function () { online = true; send(); });
  window.addEventListener('offline', function () { online = false; page.done(0); });
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { send(); } });
  setInterval(send, 60000);
  window.outbox = {
    kept: kept, files: function () { return read('files'); }, mine: mine, keep: keep, held: held, send: send, day: day,
    undo: undo, forget: forget, again: again, release: release, handOver: handOver, page: page,
    // A failed request says that there is no network, whatever the browser thinks.
    failed: function () { online = false; },
    state: function () { return { online: online, stored: stored, trouble: trouble }; }
  };
}());
