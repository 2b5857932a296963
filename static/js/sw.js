/* 邵东联户 · the service worker of the phone. It keeps four pages of one person, each with
   the parts it is made of, so that the list opens without network. Pages: network first,
   the kept copy after four seconds, without network, or while the server is away. Signing
   in or out clears them; a page of somebody else replaces them. What is marked
   data-private, the numbers to call, is left out of the copies. */
(function (self) {
  'use strict';
  var PAGES = ['/visits/', '/visits/matter/', '/visits/outbox/', '/visits/mine/'], PARTS = 'parts', OF = 'visits-', WHO = 'X-Visits-Who', PATIENCE = 4000;
  var PRIVATE = /<(\w+)\s[^>]*data-private[\s\S]*?<\/\1>/g;

  self.addEventListener('install', function () { self.skipWaiting(); });
  self.addEventListener('activate', function (event) { event.waitUntil(self.clients.claim()); });

  function clear(but) {
    return self.caches.keys().then(function (names) {
      return Promise.all(names.filter(function (name) { return name.startsWith(OF) && name !== but; }).map(function (name) { return self.caches.delete(name); }));
    });
  }
  function keepPage(path, answer) {
    var who = answer.headers.get(WHO);
    if (!answer.ok || answer.redirected || !who) { return Promise.resolve(); }
    var copy = answer.clone();
    return copy.text().then(function (text) {
      var bare = text.replace(PRIVATE, '');
      var headers = { 'Content-Type': 'text/html; charset=utf-8', 'X-Kept': '1' };
      var policy = answer.headers.get('Content-Security-Policy');
      if (policy) { headers['Content-Security-Policy'] = policy; }
      return bring(partsOf(bare)).then(function () { return clear(OF + who); }).then(function () { return self.caches.open(OF + who); }).then(function (cache) { return cache.put(path, new Response(bare, { headers: headers })); });
    });
  }
  // A page of a new release names parts of its own: without them it would be no use.
  function partsOf(text) {
    return (text.match(/\/static\/[^"\s]+/g) || []).map(function (path) { return new URL(path, self.location).href; });
  }
  function bring(parts) {
    return self.caches.open(PARTS).then(function (cache) {
      return cache.keys().then(function (known) {
        var have = known.map(function (request) { return request.url; });
        return Promise.all(parts.filter(function (url) { return !have.includes(url); }).map(function (url) { return cache.add(url); }));
      });
    });
  }
  // What no kept page names any more goes.
  function tidy() {
    return Promise.all(PAGES.map(function (path) {
      return keptPage(path).then(function (kept) { return kept ? kept.text() : ''; });
    })).then(function (texts) {
      var used = partsOf(texts.join(' '));
      return self.caches.open(PARTS).then(function (cache) {
        return cache.keys().then(function (known) {
          return Promise.all(known.filter(function (request) { return !used.includes(request.url); }).map(function (request) { return cache.delete(request); }));
        });
      });
    });
  }
  function keptPage(path) {
    return self.caches.keys().then(function (names) {
      var name = names.find(function (one) { return one.startsWith(OF); });
      return name ? self.caches.open(name).then(function (cache) { return cache.match(path); }) : undefined;
    });
  }
  // A page with a household in its address is not kept: the bare one serves them all.
  function page(event, path, bare) {
    var asked = fetch(event.request).then(function (answer) {
      if (answer.status >= 502 && answer.status <= 504) { return keptPage(path).then(function (kept) { return kept || answer; }); }
      if (bare) { event.waitUntil(keepPage(path, answer).catch(function () { /* the copy before stays */ })); }
      return answer;
    });
    var tired = new Promise(function (done) { setTimeout(done, PATIENCE); });
    var patient = Promise.race([asked, tired.then(function () { return keptPage(path); })]);
    return patient.then(function (answer) { return answer || asked; }).catch(function () {
      return keptPage(path).then(function (kept) { return kept || Response.error(); });
    });
  }
  function elsewhere(event) {
    return fetch(event.request).catch(function () {
      return keptPage(PAGES[0]).then(function (kept) { return kept ? Response.redirect(PAGES[0] + '#away') : Response.error(); });
    });
  }
  function part(event) {
    return self.caches.open(PARTS).then(function (cache) {
      return cache.match(event.request).then(function (kept) { return kept || fetch(event.request); });
    });
  }
  function signing(event) {
    return fetch(event.request).then(function (answer) {
      return answer.type === 'opaqueredirect' || answer.redirected ? clear('').then(function () { return answer; }) : answer;
    });
  }

  self.addEventListener('fetch', function (event) {
    var request = event.request, url = new URL(request.url);
    if (url.origin !== self.location.origin) { return; }
    if (request.method === 'POST' && /^\/accounts\/(sign-in|sign-out|posts)\//.test(url.pathname)) { event.respondWith(signing(event)); return; }
    if (request.method !== 'GET') { return; }
    if (url.pathname.startsWith('/static/')) { event.respondWith(part(event)); return; }
    if (PAGES.includes(url.pathname)) { event.respondWith(page(event, url.pathname, !url.search)); return; }
    if (request.mode === 'navigate') { event.respondWith(elsewhere(event)); }
  });

  // The page that registers says whose it is: the worker saw none of them loading.
  self.addEventListener('message', function (event) {
    var said = event.data;
    event.waitUntil(Promise.all(said.pages.map(function (path) {
      return fetch(path, { credentials: 'same-origin' }).then(function (answer) { return answer.headers.get(WHO) === said.who ? keepPage(path, answer) : undefined; });
    })).then(tidy).catch(function () { /* no network just now: the next page says it again */ }));
  });
}(self));
