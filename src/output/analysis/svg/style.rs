//! Colours and faces.

/// For light; where the reader prefers dark, for dark. Plain rules without variables: not every program that draws SVG knows those.
pub(super) const CSS: &str = "
text{font-family:ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono','Liberation Mono',Consolas,monospace;font-size:12px;fill:#1f2937}
.sheet{fill:#f6f7f9}
.title{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:19px;font-weight:600;fill:#111827}
.say{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:13px;fill:#4b5563}
.frame{fill:#ffffff;stroke:#e2e6ec}
.part{fill:#eceff3;stroke:#d5dae2}
.label{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:13px;font-weight:600;fill:#64748b}
.card{fill:#ffffff;stroke:#94a3b8}
.head{fill:#e0e7ff}
.name{font-weight:700;font-size:13px;fill:#1e1b4b}
.badge{font-size:10px;fill:#64748b}
.join .head{fill:#e7e5f5}
.view .head{fill:#d9f3ee}
.type .head{fill:#fdf0d5}
.enum .head{fill:#f3e3ee}
.ignored{opacity:.55}
.focus .card{stroke:#4f46e5;stroke-width:2}
.rule{stroke:#e5e7eb}
.mark{font-size:9.5px;font-weight:700;fill:#4f46e5}
.kind{fill:#6b7280}
.more{fill:#94a3b8;font-style:italic}
.link{fill:#2563eb}
a:hover .link{text-decoration:underline}
.wire{fill:none;stroke:#64748b;stroke-width:1.3;stroke-linejoin:round}
.cascade{stroke:#d2522b}
.client{stroke-dasharray:6 3}
.nobody{stroke-dasharray:1.5 3.5}
.foot{stroke-dasharray:none}
.hole{fill:#ffffff}
.over{fill:none;stroke:#000000;stroke-opacity:0;stroke-width:9}
g:hover>.wire{stroke-width:2.6}
@media (prefers-color-scheme:dark){
text{fill:#e5e7eb}
.sheet{fill:#0f1218}
.title{fill:#f3f4f6}
.say{fill:#9ca3af}
.frame{fill:#171b23;stroke:#2a303b}
.part{fill:#12161d;stroke:#2a303b}
.label{fill:#94a3b8}
.card{fill:#1e242e;stroke:#566274}
.head{fill:#2e3157}
.name{fill:#e0e7ff}
.badge{fill:#a3b0c2}
.join .head{fill:#353152}
.view .head{fill:#1f4640}
.type .head{fill:#4a3c1c}
.enum .head{fill:#46303f}
.focus .card{stroke:#a5b4fc}
.rule{stroke:#2d3542}
.mark{fill:#a5b4fc}
.kind{fill:#9ca3af}
.more{fill:#7b8798}
.link{fill:#7fb0ff}
.wire{stroke:#8b98aa}
.cascade{stroke:#f0855f}
.hole{fill:#171b23}
}
";
