namespace OnnxViz.Cli.Results;

/// <summary>How pages of results look: one column on a phone, two and more on a screen, light or dark as the reader has it.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --page: #f6f5f2; --card: #fff; --ink: #1d1d1f; --soft: #6b6b70; --line: #e2e0da; --mark: #3b6ea5; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #141416; --card: #1e1e21; --ink: #ececee; --soft: #a0a0a8; --line: #323237; --mark: #7fb2e8; }
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
        header, main { max-width: 1240px; margin: auto; padding: 0 20px; }
        header { padding-top: 56px; }
        h1 { margin: 0; font-size: clamp(2rem, 5vw, 3.2rem); line-height: 1.1; letter-spacing: -.02em; }
        header p { max-width: 46em; color: var(--soft); }
        nav { display: flex; flex-wrap: wrap; gap: 8px; margin: 20px 0 8px; }
        nav a {
          padding: 5px 13px; border: 1px solid var(--line); border-radius: 99px; background: var(--card);
          color: var(--ink); text-decoration: none; font-size: .9rem;
        }
        nav a:hover { border-color: var(--mark); color: var(--mark); }
        section { padding-top: 36px; }
        h2 { margin: 0; font-size: 1.5rem; letter-spacing: -.01em; }
        section > p { margin: 4px 0 16px; max-width: 46em; color: var(--soft); }
        .results { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 370px), 1fr)); gap: 18px; align-items: start; }
        figure { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); min-width: 0; }
        @media (min-width: 820px) { .wide { grid-column: span 2; } }
        figure p a { color: var(--mark); }
        figcaption { margin-bottom: 10px; color: var(--soft); }
        figcaption b { color: var(--ink); margin-right: 4px; }
        img { display: block; width: 100%; height: auto; border-radius: 8px; }
        figure > a > img { background: #fff; }
        pre {
          margin: 12px 0 0; padding: 9px 12px; border-radius: 8px; background: var(--page);
          white-space: pre-wrap; overflow-wrap: anywhere;
        }
        code { font: .82rem/1.45 ui-monospace, SFMono-Regular, Consolas, monospace; }
        .answer img { aspect-ratio: 3/2; object-fit: cover; }
        table { width: 100%; margin-top: 10px; border-collapse: collapse; font-size: .9rem; }
        th { font-weight: 500; text-align: left; padding: 3px 10px 3px 0; width: 40%; }
        td { padding: 3px 0; }
        td:last-child { width: 4.2em; text-align: right; font-variant-numeric: tabular-nums; color: var(--soft); }
        td i { display: block; height: 8px; min-width: 2px; border-radius: 4px; background: var(--mark); }
        main { padding-bottom: 72px; }
        """;
}
