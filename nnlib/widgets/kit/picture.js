// A picture that Python drew comes into the page: its parts are found by name and changed in place.

// `markup` is SVG whose groups have data-part names. Returns the picture and its parts by name.
export function mount(parent, markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  const picture = holder.content.firstElementChild;
  const { width, height } = picture.viewBox.baseVal;
  picture.style.setProperty("--shape", width / height);
  picture.style.removeProperty("max-width"); // here the window bounds it, too
  parent.append(picture);
  return { picture, parts: named(picture, "data-part") };
}

export function named(picture, attribute) {
  return new Map([...picture.querySelectorAll(`[${attribute}]`)].map((g) => [g.getAttribute(attribute), g]));
}
