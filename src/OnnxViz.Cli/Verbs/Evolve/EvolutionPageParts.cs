namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>What does not change from page to page: how it looks beside <see cref="HtmlStyle"/>, and what the slider does.</summary>
internal static class EvolutionPageParts
{
    public const string Css = """
        header { padding-top: 32px; }
        h1 { font-size: clamp(1.5rem, 4vw, 2.4rem); overflow-wrap: anywhere; }
        .bar { position: sticky; top: 0; z-index: 1; background: var(--page); border-bottom: 1px solid var(--line); }
        .inner { max-width: 1240px; margin: auto; padding: 10px 20px; display: grid; grid-template-columns: auto 1fr auto; gap: 4px 12px; align-items: center; }
        .inner input { width: 100%; min-width: 0; margin: 0; accent-color: var(--mark); }
        .inner button { width: 40px; height: 40px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); color: var(--ink); font-size: 1rem; }
        output { font-variant-numeric: tabular-nums; text-align: right; min-width: 9.5em; }
        output b { font-weight: 600; }
        #curve { grid-column: 2; height: 24px; width: 100%; overflow: visible; }
        #curve path { fill: none; stroke: var(--mark); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
        #curve line { stroke: var(--soft); stroke-width: 1; vector-effect: non-scaling-stroke; }
        .results { padding-top: 20px; grid-template-columns: repeat(auto-fill, minmax(max(160px, 22%), 1fr)); }
        .four { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; }
        .four div { position: relative; aspect-ratio: 1; display: flex; align-items: center; justify-content: center; background: #808080; border-radius: 6px; overflow: hidden; }
        .four .whole { background: none; }
        .four .frame { position: relative; width: 100%; aspect-ratio: auto; border-radius: 0; }
        .four img { width: 100%; height: 100%; object-fit: contain; image-rendering: pixelated; border-radius: 0; }
        .four .frame img { height: auto; }
        .four i { position: absolute; border: 2px solid #f06414; }
        figcaption { display: flex; justify-content: space-between; gap: 8px; }
        .moved { margin-top: 8px; font-size: .85rem; color: var(--soft); font-variant-numeric: tabular-nums; min-height: 1.4em; }
        .curves { background: #fff; overflow-x: auto; }
        .curves img { min-width: 640px; }
        .hint { color: var(--soft); font-size: .9rem; max-width: 60em; }
        """;

    public const string Script = """
        'use strict';
        const data = JSON.parse(document.getElementById('data').textContent);
        const at = document.getElementById('at'), label = document.getElementById('label'), play = document.getElementById('play');
        const last = data.columns.length - 1;
        const make = (name, parent, kind) => { const e = parent.appendChild(document.createElement(name)); if (kind) e.className = kind; return e; };
        const cards = data.units.map(unit => {
          const card = make('figure', document.getElementById('units'));
          const caption = make('figcaption', card);
          make('b', caption).textContent = 'unit ' + unit.unit;
          const strength = make('span', caption), four = make('div', card, 'four');
          const image = (parent, alt) => { const e = make('img', parent); e.alt = alt; return e; };
          const frame = make('div', make('div', four, 'whole'), 'frame');
          const picture = image(frame, 'the strongest picture'), box = make('i', frame);
          const patch = image(make('div', four), 'what the unit sees of it');
          const place = make('div', four), maximized = image(place, 'maximisation');
          const projection = image(make('div', four), 'deconvnet projection');
          place.hidden = unit.cells[last].maximized === null;
          return { unit, strength, picture, box, patch, maximized, projection, moved: make('div', card, 'moved') };
        });
        function show(i) {
          const column = data.columns[i];
          at.value = i;
          label.textContent = '';
          make('b', label).textContent = column.label;
          if (column.accuracy) label.append(' ' + column.accuracy);
          for (const card of cards) {
            const cell = card.unit.cells[i];
            for (const name of ['picture', 'patch', 'projection', 'maximized'])
              if (cell[name] !== null) card[name].src = data.images[cell[name]];
            const [x, y, w, h] = cell.box, style = card.box.style;
            style.left = x + '%'; style.top = y + '%'; style.width = w + '%'; style.height = h + '%';
            card.box.hidden = w >= 100 && h >= 100;
            card.strength.textContent = cell.strength;
            const parts = [];
            if (cell.cosine !== null) parts.push('cosine ' + cell.cosine);
            if (cell.overlap !== null) parts.push('overlap ' + cell.overlap);
            card.moved.textContent = parts.join(', ');
          }
          curve(i);
        }
        function curve(i) {
          const svg = document.getElementById('curve'), x = k => last > 0 ? 100 * k / last : 50;
          const known = data.columns.map((c, k) => [k, c.share]).filter(p => p[1] !== null);
          svg.textContent = '';
          if (known.length < 2) { svg.style.display = 'none'; return; }
          const low = Math.min(...known.map(p => p[1])), high = Math.max(...known.map(p => p[1]));
          const y = v => 22 - 20 * (high > low ? (v - low) / (high - low) : 0.5);
          const add = (name, values) => { const e = document.createElementNS('http://www.w3.org/2000/svg', name); for (const k in values) e.setAttribute(k, values[k]); svg.append(e); };
          add('path', { d: known.map((p, k) => (k ? 'L' : 'M') + x(p[0]) + ' ' + y(p[1])).join('') });
          add('line', { x1: x(i), x2: x(i), y1: 0, y2: 24 });
        }
        let timer = null;
        function stop() { clearInterval(timer); timer = null; play.textContent = '\u25b6'; play.setAttribute('aria-label', 'Play'); }
        function toggle() {
          if (timer) return stop();
          if (+at.value === last) show(0);
          play.textContent = '\u23f8'; play.setAttribute('aria-label', 'Pause');
          timer = setInterval(() => { if (+at.value === last) stop(); else show(+at.value + 1); }, 800);
        }
        at.addEventListener('input', () => { stop(); show(+at.value); });
        play.addEventListener('click', toggle);
        document.addEventListener('keydown', e => {
          if (e.ctrlKey || e.altKey || e.metaKey) return;
          const i = +at.value, to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0, End: last }[e.key];
          if (to !== undefined) { stop(); show(Math.max(0, Math.min(last, to))); e.preventDefault(); }
          else if (e.key === ' ' && e.target !== play) { toggle(); e.preventDefault(); }
        });
        show(last);
        """;
}
