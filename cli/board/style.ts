/** Colors for light and dark mode, and a table that becomes a list of cards on a narrow screen. */
export const style = `
:root{color-scheme:light dark;--line:light-dark(#d8dee4,#30363d);--soft:light-dark(#57606a,#9198a1);--back:light-dark(#fff,#0d1117);--card:light-dark(#f6f8fa,#161b22);--text:light-dark(#1f2328,#e6edf3);--link:light-dark(#0757ba,#58a6ff);--bad:light-dark(#b3261e,#ff7b72);--warn:light-dark(#7a4b00,#e3b341);--good:light-dark(#116329,#3fb950)}
*{box-sizing:border-box}
body{margin:0 auto;max-width:90rem;padding:1rem;font:15px/1.45 system-ui,sans-serif;background:var(--back);color:var(--text)}
h1{font-size:1.35rem;margin:0 0 .3rem}h2{font-size:1.1rem;margin:1.5rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .3rem}
a{color:var(--link)}small,.soft{color:var(--soft)}small{font-size:.82em}p{margin:.2rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem;margin:.8rem 0}
input,select{font:inherit;padding:.35rem .5rem;border:1px solid var(--line);border-radius:.4rem;background:var(--card);color:inherit;max-width:100%}
input{flex:1 1 14rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{position:sticky;top:0;background:var(--back)}
td p{margin:0}b{font-weight:600}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
.is{border:1px solid;border-radius:1rem;padding:0 .45rem;font-size:.8em;white-space:nowrap}
@media(max-width:45rem){thead{display:none}tr{display:block;background:var(--card);border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0;padding:.3rem .2rem}td,th{display:block;border:0;padding:.3rem .6rem}td::before{content:attr(data-l);display:block;color:var(--soft);font-size:.8em}tr[hidden]{display:none}}
`.trim();
