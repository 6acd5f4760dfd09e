"use strict";

for (const link of document.querySelectorAll("a[href='/player']")) {
  link.target = "player";
}
