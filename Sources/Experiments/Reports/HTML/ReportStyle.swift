/// The style sheet of the report: light and dark, AA contrast in both.
enum ReportStyle {
  /// The variables of a dark screen.
  private static let dark = """
    color-scheme: dark; --ground:#16181d; --panel:#1e2128; --ink:#e8eaed; --soft:#aab0bc;
    --grid:#343944; --pos:#8ec8ff; --neg:#ff9592; --neu:#aab0bc; --accent:#8ec8ff;
    --posbg:#16324d; --negbg:#4d2427; --neubg:#2b303a; --n3:#ff9592; --n3t:#16181d; --n2:#a33b3f;
    --n2t:#ffffff; --n1:#4d2427; --n1t:#ffffff; --z:#262a32; --zt:#e8eaed; --p1:#16324d;
    --p1t:#ffffff; --p2:#1f5f9e; --p2t:#ffffff; --p3:#8ec8ff; --p3t:#16181d;
    """

  static let css = """
    :root { color-scheme: light; --ground:#ffffff; --panel:#f5f6f8; --ink:#1b1d22; --soft:#565b66;
    --grid:#e1e4ea; --pos:#0b5cad; --neg:#b3261e; --neu:#565b66; --accent:#0b5cad;
    --posbg:#e1eefb; --negbg:#fce8e6; --neubg:#eceef2; --n3:#b2182b; --n3t:#ffffff; --n2:#ef8a62;
    --n2t:#1b1d22; --n1:#fddbc7; --n1t:#1b1d22; --z:#f1f2f5; --zt:#1b1d22; --p1:#d1e5f0;
    --p1t:#1b1d22; --p2:#67a9cf; --p2t:#1b1d22; --p3:#2166ac; --p3t:#ffffff; }
    @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { \(dark) } }
    :root[data-theme=dark] { \(dark) }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, "DejaVu Sans", Helvetica, Arial, sans-serif; }
    header, main, footer { max-width: 1220px; margin: 0 auto; padding: 0 24px; }
    header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: baseline;
      padding-top: 24px; }
    h1 { font-size: 26px; line-height: 1.25; margin: 0; flex: 1 1 auto; }
    h2 { font-size: 20px; margin: 0 0 8px; }
    h3 { font-size: 16px; margin: 24px 0 6px; }
    nav { position: sticky; top: 0; background: var(--ground); z-index: 3;
      border-bottom: 1px solid var(--grid); }
    nav ul { max-width: 1220px; margin: 0 auto; padding: 8px 24px; list-style: none; display: flex;
      flex-wrap: wrap; gap: 4px 18px; }
    section { padding: 24px 0 20px; border-bottom: 1px solid var(--grid); scroll-margin-top: 44px; }
    a { color: var(--accent); }
    p { margin: 6px 0; max-width: 76ch; }
    .soft, figcaption, .note { color: var(--soft); }
    figure { margin: 12px 0; }
    figcaption { font-size: 13px; max-width: 100ch; margin-top: 4px; }
    .scroll { overflow: auto; max-width: 100%; }
    .tall { max-height: 78vh; border: 1px solid var(--grid); border-radius: 6px; }
    svg { display: block; }
    .tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; padding: 0; list-style: none; }
    .tiles li { background: var(--panel); border-radius: 8px; padding: 10px 16px; min-width: 132px; }
    .tiles b { display: block; font-size: 24px; line-height: 1.2; }
    .tiles span { color: var(--soft); font-size: 13px; }
    .tools { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin: 12px 0; }
    .tools label { font-size: 13px; color: var(--soft); display: grid; gap: 2px; }
    input, select, button.plain { font: inherit; font-size: 14px; color: var(--ink);
      background: var(--ground); border: 1px solid var(--soft); border-radius: 6px;
      padding: 4px 8px; max-width: 340px; }
    button { cursor: pointer; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
    table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
    th, td { padding: 4px 8px; text-align: left; border-bottom: 1px solid var(--grid);
      vertical-align: top; }
    thead th { position: sticky; top: 0; background: var(--panel); z-index: 1; white-space: nowrap; }
    th button { all: unset; cursor: pointer; font-weight: 600; }
    th button:focus-visible { outline: 3px solid var(--accent); }
    th[aria-sort=ascending] button::after { content: " ↑"; }
    th[aria-sort=descending] button::after { content: " ↓"; }
    .num { text-align: right; white-space: nowrap; }
    tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 190px; max-width: 330px; }
    #summary-table { width: 100%; } #summary-table td { white-space: nowrap; }
    tbody tr:hover { background: var(--panel); }
    tr.reference th, tr.reference td { font-weight: 400; color: var(--soft); }
    .v { border-radius: 4px; padding: 1px 7px; white-space: nowrap; }
    .v.pos { color: var(--pos); background: var(--posbg); }
    .v.neg { color: var(--neg); background: var(--negbg); font-weight: 700; }
    .v.neu { color: var(--neu); background: var(--neubg); }
    .neg-text { color: var(--neg); font-weight: 700; }
    .pos-text { color: var(--pos); }
    details { margin: 8px 0; }
    summary { cursor: pointer; color: var(--accent); font-size: 14px; }
    pre { background: var(--panel); padding: 12px 16px; border-radius: 6px; font-size: 13px;
      overflow: auto; max-height: 60vh; }
    .reason { overflow-wrap: anywhere; max-width: 60ch; }
    output { display: block; min-height: 1.5em; font-size: 14px; }
    .pair { display: flex; flex-wrap: wrap; gap: 28px; align-items: flex-start; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { position: static; }
    footer { padding: 20px 24px 40px; color: var(--soft); font-size: 13px; }
    svg text { fill: var(--ink); }
    svg .soft { fill: var(--soft); }
    svg .ground { fill: var(--ground); }
    svg .band { fill: var(--panel); }
    svg .grid { stroke: var(--grid); }
    svg .zero { stroke: var(--soft); }
    svg .f.pos { fill: var(--pos); } svg .f.neg { fill: var(--neg); }
    svg .f.neu { fill: var(--neu); } svg .f.ref { fill: var(--ink); }
    svg .s.pos, svg .o.pos { stroke: var(--pos); } svg .s.neg, svg .o.neg { stroke: var(--neg); }
    svg .s.neu, svg .o.neu { stroke: var(--neu); } svg .s.ref { stroke: var(--ink); }
    svg .o { fill: var(--ground); }
    svg .mark:hover text { text-decoration: underline; }
    \(heat)
    svg .c.none .f { fill: var(--ground); }
    svg .cell:focus { outline: none; }
    svg .cell:hover .f, svg .cell:focus .f { stroke: var(--ink); stroke-width: 2.5; }
    @media print { nav, .tools, .skip { display: none; } .tall { max-height: none; } }
    """

  private static let heat = ["n3", "n2", "n1", "z", "p1", "p2", "p3"].map { name in
    "svg .\(name) .f { fill: var(--\(name)); } svg .\(name) .t, svg .\(name) .h "
      + "{ fill: var(--\(name)t); }"
  }.joined(separator: "\n")
}
