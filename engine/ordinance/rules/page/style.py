"""How the HTML page looks: on a screen, in the dark, on a phone and on paper."""

STYLE = """\
:root{color-scheme:light dark;--ink:#1c1c1c;--soft:#595959;--line:#c4c4c4;--wash:#f4f4f2;
--paper:#fff;--mark:#0b5394}
@media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--soft:#adadad;--line:#4d4d4d;
--wash:#242424;--paper:#161616;--mark:#8ab8e6}}
*{box-sizing:border-box}
body{font:1rem/1.6 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
sans-serif;color:var(--ink);background:var(--paper);max-width:66rem;margin:0 auto;
padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.3;margin:0 0 1rem;padding-bottom:.4rem;
border-bottom:3px solid var(--mark)}
h2{font-size:1.25rem;margin:2.2rem 0 .7rem}h3{font-size:1.05rem;margin:0 0 .3rem}
a{color:var(--mark)}a:focus-visible,.wide:focus-visible{outline:3px solid var(--mark);
outline-offset:2px}
article+article{margin-top:4rem}
nav{margin:0 0 2rem;padding:.7rem 1rem;background:var(--wash);border:1px solid var(--line)}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem 1.4rem}
.rule{margin:0 0 .9rem;padding:.6rem .9rem;border:1px solid var(--line);
border-left:4px solid var(--mark);background:var(--wash)}
.rule:target{outline:3px solid var(--mark)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}
dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
ul{margin:0;padding-left:1.2rem}
.wide{overflow-x:auto}dl+.wide{margin-top:.7rem}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
th{background:var(--wash);white-space:nowrap}
td{min-width:5.5em;overflow-wrap:break-word}
code{font:.9em ui-monospace,Consolas,monospace}dd>code{word-break:break-all}
@media (max-width:34rem){article>dl{display:block}article>dl>dd{margin-bottom:.5rem}
body{padding-top:1rem}h1{font-size:1.45rem}}
@page{margin:16mm 14mm}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#999;--wash:#fff;
--paper:#fff;--mark:#000}body{font-size:10pt;max-width:none;padding:0}nav{display:none}
article+article{break-before:page;margin:0}h2,h3{break-after:avoid}.rule,tr{break-inside:avoid}
thead{display:table-header-group}.wide{overflow:visible}td{min-width:0}
a{color:inherit;text-decoration:none}}"""
