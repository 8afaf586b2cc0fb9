"""The style sheet and the script of the phone file. They are constants, so that the file's Content Security Policy can
list their hashes and forbid all other styles and scripts."""

from __future__ import annotations

from desktop.domain.timetable.modules import Colour

# The colour of the bar beside an entry, with a contrast of at least 3:1 to white and to the dark background.
_BAR_COLOURS = {
    Colour.TOMATO: "#d5492f",
    Colour.FLAMINGO: "#c9627d",
    Colour.TANGERINE: "#c8681a",
    Colour.BANANA: "#a37b00",
    Colour.SAGE: "#2f9a72",
    Colour.BASIL: "#1f8a4c",
    Colour.PEACOCK: "#0f8ec4",
    Colour.BLUEBERRY: "#5668d0",
    Colour.LAVENDER: "#7480c4",
    Colour.GRAPE: "#a052c0",
    Colour.GRAPHITE: "#777777",
}
COLOUR_CLASSES = {colour: f"c{number}" for number, colour in enumerate(_BAR_COLOURS)}

STYLE = """\
:root{color-scheme:light dark;--ground:#fff;--text:#1b1d22;--quiet:#5a5f69;--line:#e2e4e8;--card:#f5f6f8;--link:#005baa}
@media(prefers-color-scheme:dark){\
:root{--ground:#16181c;--text:#eceef1;--quiet:#a9afb9;--line:#33373e;--card:#20232a;--link:#7fbcf5}}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.4 system-ui,-apple-system,sans-serif;\
overflow-wrap:anywhere}
header,main,footer{max-width:40rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.4rem;margin:1rem 0 .2rem}
h2{font-size:1.25rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:1.75rem 0 .25rem}
h4{font-size:1rem;margin:0 0 .4rem}
p{margin:.3rem 0}
.q,footer{color:var(--quiet);font-size:.9rem}
a{color:var(--link)}
.top{position:sticky;top:0;background:var(--ground);border-bottom:1px solid var(--line)}
.top div{max-width:40rem;margin:0 auto;padding:0 .5rem;display:flex}
.top a{flex:1 0 auto;text-align:center;padding:.8rem .2rem;text-decoration:none;font-weight:600}
.d{padding:.8rem 0;border-top:1px solid var(--line)}
.d:target h4{text-decoration:underline;text-underline-offset:.3em}
.d.now{background:var(--card);margin:0 -1rem;padding:.8rem 1rem}
ol{list-style:none;margin:0;padding:0}
li{border-left:4px solid;padding:.2rem 0 .2rem .7rem;margin:.5rem 0}
li.f{background:var(--card);padding:.5rem .7rem}
li.u{border-left-style:dashed}
li b,li span{display:block}
li .w{color:var(--text);font-variant-numeric:tabular-nums}
.x{font-weight:600}
.m{display:flex;gap:.5rem;justify-content:space-between;font-size:.9rem}
.m a{min-height:2.75rem;padding:.7rem .2rem;white-space:nowrap}
.g{display:grid;grid-template-columns:repeat(7,1fr);gap:.2rem;font-size:.9rem}
.g a{min-height:2.75rem;padding:.3rem 0;text-align:center;text-decoration:none;overflow-wrap:normal;line-height:1.25}
.w1{grid-column:1}.w2{grid-column:2}.w3{grid-column:3}.w4{grid-column:4}.w5{grid-column:5}.w6{grid-column:6}\
.w7{grid-column:7}
.g .now{background:var(--link);color:var(--ground);border-radius:.5rem}
summary{padding:.7rem 0;font-weight:600;cursor:pointer}
#next{background:var(--card);border-radius:.6rem;padding:.9rem;margin:.6rem 0}
#next a{display:block;padding:.3rem 0;font-size:1.15rem;font-weight:600;text-decoration:none}
#next[hidden]{display:none}
""" + "".join(f".{name}{{border-color:{_BAR_COLOURS[colour]}}}\n" for colour, name in COLOUR_CLASSES.items())

# The script only highlights; nothing is missing without it. UP's time is UTC+2 all year, wherever the phone is.
SCRIPT = """\
"use strict";
(function(){
var up=new Date(Date.now()+72e5),day=up.toISOString().slice(0,10),minute=up.getUTCHours()*60+up.getUTCMinutes();
var words=document.body.dataset,get=function(id){return document.getElementById(id)};
var today=get("d"+day),card=get("next"),found=null,later=null;
function add(to,tag,text,kind){var made=document.createElement(tag);made.textContent=text;if(kind)made.className=kind;\
to.appendChild(made);return made}
document.querySelectorAll(".d").forEach(function(section){
var date=section.id.slice(1);
if(date<day)return;
if(!later)later=section;
section.querySelectorAll("li").forEach(function(item){
var from=+item.dataset.s,to=+item.dataset.e;
if(date===day&&from<=minute&&minute<to)add(item,"span",words.now,"x");
if(!found&&(date>day||from>minute))found=[section,item]})});
if(today){today.classList.add("now");add(today.querySelector("h4"),"span"," · "+words.today)}
document.querySelectorAll("#assessments li").forEach(function(item){
if(item.dataset.d<day)add(item,"span",words.past,"x")});
document.querySelectorAll('.g a[href="#d'+day+'"]').forEach(function(link){link.classList.add("now");\
link.setAttribute("aria-current","date");
document.querySelectorAll("details").forEach(function(month){month.open=month.contains(link)})});
card.hidden=false;
if(!today)add(card,"p",later?words.free:words.over);
if(found){add(found[1],"span",words.next,"x");
add(card,"p",words.next,"x");
var link=add(card,"a",found[1].querySelector("b").textContent);link.href="#"+found[0].id;
var when=found[0].querySelector("h4").firstChild.textContent+", "+found[1].querySelector(".w").textContent;
add(card,"p",when);
var room=found[1].querySelector(".r");if(room)add(card,"p",room.textContent)}
else if(today)add(card,"p",words.over);
var start=today||later;
if(start){get("to-week").href="#"+start.closest(".k").id;get("to-today").href=today?"#"+today.id:"#today"}
})();
"""
