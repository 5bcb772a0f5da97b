// Layers of images as nnlib.differentiation has them, for networks that were trained in Python.
// An image is { height, width, channels, values }, its values row by row, channels side by side.

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// A number of half precision from its 16 bits.
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// Weights by name, each { shape, values }, from what packed.py sends.
export function unpacked(weights) {
  const arrays = {};
  for (const [name, { shape, numbers }] of Object.entries(weights)) {
    const view = new DataView(bytes(numbers).buffer);
    const values = new Float32Array(view.byteLength / 2);
    for (let n = 0; n < values.length; n++) values[n] = half(view.getUint16(2 * n, true));
    arrays[name] = { shape, values };
  }
  return arrays;
}

export function image(height, width, channels, values = new Float32Array(height * width * channels)) {
  return { height, width, channels, values };
}

// A layer of convolution with kernels K (k, l, C, F) of odd size, zeros around the image.
export function convolve(X, K, b, { stride = 1, relu = false } = {}) {
  const [k, l, C, F] = K.shape;
  const Y = image(Math.floor((X.height - 1) / stride) + 1, Math.floor((X.width - 1) / stride) + 1, F);
  for (let r = 0, out = 0; r < Y.height; r++) {
    for (let s = 0; s < Y.width; s++, out += F) {
      for (let f = 0; f < F; f++) Y.values[out + f] = b.values[f];
      for (let i = 0; i < k; i++) {
        const y = r * stride + i - (k >> 1);
        if (y < 0 || y >= X.height) continue;
        for (let j = 0; j < l; j++) {
          const x = s * stride + j - (l >> 1);
          if (x < 0 || x >= X.width) continue;
          const from = (y * X.width + x) * C;
          let at = (i * l + j) * C * F;
          for (let c = 0; c < C; c++, at += F) {
            const value = X.values[from + c];
            if (value === 0) continue; // as half of all are behind relu
            for (let f = 0; f < F; f++) Y.values[out + f] += value * K.values[at + f];
          }
        }
      }
      if (relu) for (let f = 0; f < F; f++) if (Y.values[out + f] < 0) Y.values[out + f] = 0;
    }
  }
  return Y;
}

// Every pixel 2 x 2 times.
export function upsample(X) {
  const Y = image(2 * X.height, 2 * X.width, X.channels);
  for (let r = 0, out = 0; r < Y.height; r++)
    for (let s = 0; s < Y.width; s++, out += X.channels) {
      const from = ((r >> 1) * X.width + (s >> 1)) * X.channels;
      Y.values.set(X.values.subarray(from, from + X.channels), out);
    }
  return Y;
}

// The channels of two images of one size, side by side.
export function beside(one, other) {
  const Y = image(one.height, one.width, one.channels + other.channels);
  for (let n = 0; n < one.height * one.width; n++) {
    const at = n * Y.channels;
    Y.values.set(one.values.subarray(n * one.channels, (n + 1) * one.channels), at);
    Y.values.set(other.values.subarray(n * other.channels, (n + 1) * other.channels), at + one.channels);
  }
  return Y;
}

export function added(one, other) {
  return { ...one, values: one.values.map((value, n) => value + other.values[n]) };
}

// nnlib.applications.encoder_decoder.net
export function encoderDecoder(W, X) {
  const layer = (from, n, options) => convolve(from, W[`K${n}`], W[`b${n}`], options);
  const A = layer(X, 1, { relu: true });
  const B = layer(A, 2, { stride: 2, relu: true });
  const C = layer(B, 3, { stride: 2, relu: true });
  const D = layer(C, 4, { relu: true });
  const E = layer(beside(upsample(D), B), 5, { relu: true });
  return layer(beside(upsample(E), A), 6);
}

// nnlib.applications.image_pairs.net: standardised, and told in which row and column each pixel lies.
export function turned(W, X) {
  const { mean, deviation } = W;
  const Z = image(X.height, X.width, X.channels + 2);
  for (let n = 0, at = 0; n < X.height * X.width; n++) {
    for (let c = 0; c < X.channels; c++) {
      const value = X.values[n * X.channels + c];
      Z.values[at++] = (value - mean.values[c]) / deviation.values[c];
    }
    Z.values[at++] = Math.floor(n / X.width) / X.height - 0.5;
    Z.values[at++] = (n % X.width) / X.width - 0.5;
  }
  const Y = encoderDecoder(W, Z);
  return { ...Y, values: Y.values.map((value) => Math.min(1, Math.max(0, value))) };
}
