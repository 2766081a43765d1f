// After a refused form the reader, and the screen reader, land on what is wrong.
document.querySelector(".error-summary")?.focus();
