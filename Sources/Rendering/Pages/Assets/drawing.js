"use strict";
// Draws points with WebGL 2 for the views of viewer.js. One context, made when the first view comes into sight, draws all
// views of a page one after the other: browsers allow few contexts.

const root = document.documentElement;
const complain = (text) => { root.dataset.error = root.dataset.error || String(text); };
window.addEventListener("error", (e) => complain(e.message));
window.addEventListener("unhandledrejection", (e) => complain(e.reason));
document.addEventListener("securitypolicyviolation", (e) => complain("blocked: " + e.blockedURI));

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const combine = (a, s, b, t) => a.map((v, i) => v * s + b[i] * t);
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a) => combine(a, 1 / (Math.hypot(...a) || 1), a, 0);
// Rodrigues' formula.
const turned = (v, axis, angle) => {
  const along = dot(v, axis) * (1 - Math.cos(angle));
  return combine(combine(v, Math.cos(angle), cross(axis, v), Math.sin(angle)), 1, axis, along);
};
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

const pointVertex = `#version 300 es
  precision highp float;
  in vec3 place;
  in float misfit;
  uniform mat4 model, camera;
  uniform float size, agreement;
  uniform bool byMisfit;
  uniform vec3 color, unmatched, ramp[5];
  out vec3 tint;
  out float depth;
  void main() {
    vec4 p = camera * (model * vec4(place, 1.0));
    depth = clamp(0.5 * p.z + 0.5, 0.0, 0.9999);
    // Where surfaces of two clouds agree, chance decides which is in front, so that both colours show.
    float chance = fract(sin(dot(place, vec3(127.1, 311.7, 74.7))) * 43758.5453);
    gl_Position = vec4(p.xy, clamp(p.z + agreement * chance, -1.0, 0.999), 1.0);
    gl_PointSize = size;
    float at = clamp(misfit / 254.0, 0.0, 1.0) * 4.0;
    int k = min(int(at), 3);
    tint = !byMisfit ? color : misfit > 254.5 ? unmatched : mix(ramp[k], ramp[k + 1], at - float(k));
  }`;
const pointFragment = `#version 300 es
  precision highp float;
  in vec3 tint;
  in float depth;
  layout(location = 0) out vec4 shown;
  layout(location = 1) out vec4 coded;
  void main() {
    vec2 d = gl_PointCoord - 0.5;
    if (dot(d, d) > 0.26) discard;
    shown = vec4(tint, 1.0);
    vec3 parts = fract(depth * vec3(1.0, 255.0, 65025.0));
    coded = vec4(parts - vec3(parts.yz / 255.0, 0.0), 1.0);
  }`;
const lightVertex = `#version 300 es
  void main() { gl_Position = vec4(float(gl_VertexID % 2) * 4.0 - 1.0, float(gl_VertexID / 2) * 4.0 - 1.0, 0.0, 1.0); }`;
// Eye-dome lighting (Boucheny 2009): a pixel is darker where its surroundings are nearer to the eye.
const lightFragment = `#version 300 es
  precision highp float;
  uniform sampler2D shown, coded;
  uniform float depthPixels, pixel;
  out vec4 result;
  float depthAt(ivec2 p) {
    vec4 v = texelFetch(coded, clamp(p, ivec2(0), textureSize(coded, 0) - 1), 0);
    return v.a < 0.5 ? 1e9 : dot(v.rgb, vec3(1.0, 1.0 / 255.0, 1.0 / 65025.0)) * depthPixels;
  }
  void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    float z = depthAt(p), occlusion = 0.0;
    if (z > 1e8) { result = vec4(0.0); return; }
    for (int ring = 0; ring < 2; ring++) {
      for (int k = 0; k < 8; k++) {
        float angle = float(k) * 0.785398, reach = (ring == 0 ? 1.5 : 4.0) * pixel;
        float other = depthAt(p + ivec2(round(reach * vec2(cos(angle), sin(angle)))));
        occlusion += clamp((z - other) / reach, 0.0, 4.0) / 16.0;
      }
    }
    result = vec4(texelFetch(shown, p, 0).rgb * (0.35 + 0.65 / (1.0 + 0.8 * occlusion)), 1.0);
  }`;

class Renderer {
  static shared = null;

  constructor() {
    this.canvas = document.createElement("canvas");
    const gl = this.canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true });
    if (!gl) throw new Error("this browser offers no WebGL 2");
    this.gl = gl;
    this.points = this.program(pointVertex, pointFragment, ["place", "misfit"]);
    this.light = this.program(lightVertex, lightFragment, []);
    this.framebuffer = gl.createFramebuffer();
    this.textures = [gl.createTexture(), gl.createTexture()];
    this.depth = gl.createRenderbuffer();
    this.canvas.addEventListener("webglcontextlost", () => {
      Renderer.shared = null;
      View.all.forEach((view) => { view.buffers = null; view.schedule(); });
    });
  }

  program(vertex, fragment, attributes) {
    const gl = this.gl, program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(program, shader);
    }
    attributes.forEach((name, k) => gl.bindAttribLocation(program, k, name));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    const at = (name) => gl.getUniformLocation(program, name);
    return { program, at };
  }

  upload(layers) {
    const gl = this.gl;
    return layers.map((layer) => {
      if (layer.same !== null) return null;
      const buffers = [bytes(layer.places), layer.misfits ? bytes(layer.misfits) : null].map((data) => {
        if (!data) return null;
        const buffer = gl.createBuffer();
        gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
        gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
        return buffer;
      });
      return { places: buffers[0], misfits: buffers[1] };
    });
  }

  release(buffers) {
    for (const b of buffers) if (b) { this.gl.deleteBuffer(b.places); if (b.misfits) this.gl.deleteBuffer(b.misfits); }
  }

  resize(width, height) {
    const gl = this.gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    if (this.canvas.width === width && this.canvas.height === height && this.sized) return;
    this.sized = true;
    this.canvas.width = width;
    this.canvas.height = height;
    this.textures.forEach((texture, k) => {
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + k, gl.TEXTURE_2D, texture, 0);
    });
    gl.bindRenderbuffer(gl.RENDERBUFFER, this.depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, this.depth);
    gl.drawBuffers([gl.COLOR_ATTACHMENT0, gl.COLOR_ATTACHMENT1]);
  }

  // Draws layers into this renderer's canvas.
  draw(width, height, buffers, look) {
    const gl = this.gl, { program, at } = this.points;
    this.resize(width, height);
    gl.viewport(0, 0, width, height);
    gl.clearBufferfv(gl.COLOR, 0, [0, 0, 0, 0]);
    gl.clearBufferfv(gl.COLOR, 1, [1, 1, 1, 0]);
    gl.clearBufferfv(gl.DEPTH, 0, [1]);
    gl.enable(gl.DEPTH_TEST);
    gl.useProgram(program);
    gl.uniformMatrix4fv(at("camera"), false, look.camera);
    gl.uniform1f(at("size"), look.size);
    gl.uniform1f(at("agreement"), look.agreement);
    gl.uniform3fv(at("unmatched"), look.unmatched);
    gl.uniform3fv(at("ramp"), look.ramp.flat());
    for (const item of look.items) {
      const own = buffers[item.buffer];
      gl.uniformMatrix4fv(at("model"), false, item.model);
      gl.uniform3fv(at("color"), item.color);
      gl.uniform1i(at("byMisfit"), item.byMisfit && own.misfits ? 1 : 0);
      gl.bindBuffer(gl.ARRAY_BUFFER, own.places);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 3, gl.UNSIGNED_SHORT, true, 0, 0);
      if (own.misfits) {
        gl.bindBuffer(gl.ARRAY_BUFFER, own.misfits);
        gl.enableVertexAttribArray(1);
        gl.vertexAttribPointer(1, 1, gl.UNSIGNED_BYTE, false, 0, 0);
      } else {
        gl.disableVertexAttribArray(1);
        gl.vertexAttrib1f(1, 255);
      }
      gl.drawArrays(gl.POINTS, 0, item.count);
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.light.program);
    this.textures.forEach((texture, k) => {
      gl.activeTexture(gl.TEXTURE0 + k);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(this.light.at(k === 0 ? "shown" : "coded"), k);
    });
    gl.activeTexture(gl.TEXTURE0);
    gl.uniform1f(this.light.at("depthPixels"), look.depthPixels);
    gl.uniform1f(this.light.at("pixel"), look.pixel);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
