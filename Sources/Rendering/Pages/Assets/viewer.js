"use strict";
// The point viewer of Plumb's reports. One WebGL context, made when the first view comes into sight, draws all views of
// the page one after the other; each keeps its picture on a canvas of its own and frees its points out of sight.
// The state of a view is its attribute data-state: waiting, drawn, released or unavailable.
(() => {
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

  class View {
    static all = [];

    constructor(element) {
      this.element = element;
      this.scene = JSON.parse(element.querySelector("script").textContent);
      this.stage = element.querySelector(".stage");
      this.canvas = element.querySelector("canvas");
      this.shown = this.scene.layers.map((layer) => layer.shown);
      this.pose = this.scene.pose;
      this.byMisfit = false;
      this.buffers = null;
      this.inSight = false;
      this.connectControls();
      this.connectPointer();
      new ResizeObserver(() => this.schedule()).observe(this.stage);
      new IntersectionObserver((entries) => {
        this.inSight = entries[entries.length - 1].isIntersecting;
        if (this.inSight) this.schedule(); else this.release();
      }, { rootMargin: "150px" }).observe(this.stage);
    }

    schedule() {
      if (this.pending || !this.inSight) return;
      this.pending = true;
      requestAnimationFrame(() => { this.pending = false; this.draw(); });
    }

    release() {
      if (!this.buffers) return;
      if (Renderer.shared) Renderer.shared.release(this.buffers);
      this.buffers = null;
      this.element.dataset.state = "released";
    }

    model(layer) { return layer.poses[Math.min(this.pose, layer.poses.length - 1)]; }

    // Looks at what is shown from the direction that the report chose.
    frame() {
      const { right, up, forward } = this.scene, axes = [right, up, forward];
      const values = [[], [], []];
      this.scene.layers.forEach((layer, k) => {
        if (!this.shown[k]) return;
        const source = layer.same === null ? layer : this.scene.layers[layer.same];
        const codes = new Uint16Array(bytes(source.places).buffer), m = this.model(layer);
        const stride = Math.max(1, Math.floor(layer.count / 4000));
        for (let i = 0; i < layer.count; i += stride) {
          const q = [codes[3 * i] / 65535, codes[3 * i + 1] / 65535, codes[3 * i + 2] / 65535];
          const p = [0, 1, 2].map((r) => m[r] * q[0] + m[4 + r] * q[1] + m[8 + r] * q[2] + m[12 + r]);
          axes.forEach((axis, a) => values[a].push(dot(axis, p)));
        }
      });
      // All of it where few points stray; the middle of it where they would shrink the rest.
      const spans = values.map((list) => {
        const sorted = Float64Array.from(list).sort(), last = sorted.length - 1, skip = Math.floor(sorted.length / 100);
        if (last < 0) return [-1, 1];
        const [low, high] = [sorted[skip], sorted[last - skip]], room = 0.15 * (high - low);
        return [Math.max(sorted[0], low - room), Math.min(sorted[last], high + room)];
      });
      this.right = right;
      this.up = up;
      this.forward = forward;
      this.center = [0, 0, 0];
      axes.forEach((axis, a) => { this.center = combine(this.center, 1, axis, (spans[a][0] + spans[a][1]) / 2); });
      this.extent = spans.map((s) => Math.max(s[1] - s[0], 1e-3));
      this.zoom = 1;
      this.moved = false;
    }

    draw() {
      const { width, height } = this.stage.getBoundingClientRect();
      if (width < 2 || height < 2) return;
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const w = Math.round(width * ratio), h = Math.round(height * ratio);
      try {
        Renderer.shared = Renderer.shared || new Renderer();
      } catch (problem) {
        this.element.dataset.state = "unavailable";
        this.element.querySelector(".unavailable").textContent =
          "The 3-D view cannot be drawn here (" + problem.message + "); the pictures stand in for it.";
        return;
      }
      if (!this.center) this.frame();
      if (!this.buffers) this.buffers = Renderer.shared.upload(this.scene.layers);
      this.canvas.width = w;
      this.canvas.height = h;
      // Pixels per scene unit.
      this.scale = 0.9 * this.zoom * Math.min(w / this.extent[0], h / this.extent[1]);
      Renderer.shared.draw(w, h, this.buffers, this.look(w, h, ratio));
      const paper = this.canvas.getContext("2d");
      paper.clearRect(0, 0, w, h);
      paper.drawImage(Renderer.shared.canvas, 0, 0);
      this.annotate(paper, w, h, ratio);
      this.element.dataset.state = "drawn";
    }

    look(w, h, ratio) {
      const [sx, sy] = [2 * this.scale / w, 2 * this.scale / h];
      // The scene lies within a few units of its centre.
      const depth = 1 / 8;
      const rows = [[this.right, sx], [this.up, sy], [this.forward, depth]];
      const camera = [0, 1, 2, 3].flatMap((c) => [0, 1, 2, 3].map((r) => {
        if (r === 3) return c === 3 ? 1 : 0;
        return c === 3 ? -dot(rows[r][0], this.center) * rows[r][1] : rows[r][0][c] * rows[r][1];
      }));
      const ink = getComputedStyle(this.element);
      const quiet = ink.getPropertyValue("--quiet").split(",").map((v) => Number(v) / 255);
      const items = this.scene.layers.map((layer, k) => ({
        buffer: layer.same === null ? k : layer.same, count: layer.count, model: this.model(layer),
        color: this.byMisfit && !layer.misfits ? quiet : layer.color.map((v) => v / 255),
        byMisfit: this.byMisfit, visible: this.shown[k],
      })).filter((item) => item.visible);
      const total = items.reduce((sum, item) => sum + item.count, 1);
      const size = Math.min(Math.max(1.3 * Math.sqrt(w * h / total) * Math.sqrt(this.zoom), 2 * ratio), 5 * ratio);
      return {
        camera, items, size, pixel: ratio, agreement: 6 * ratio / this.scale * depth, depthPixels: 2 * this.scale / depth,
        ramp: this.scene.ramp.map((c) => c.map((v) => v / 255)), unmatched: this.scene.unmatched.map((v) => v / 255),
      };
    }

    // The axes and a length.
    annotate(paper, w, h, ratio) {
      const style = getComputedStyle(this.element);
      paper.font = `${12 * ratio}px system-ui, sans-serif`;
      paper.lineCap = "round";
      paper.lineWidth = 2 * ratio;
      paper.textAlign = "center";
      paper.textBaseline = "middle";
      const origin = [38 * ratio, h - 38 * ratio];
      const axes = [["x", [1, 0, 0]], ["y", [0, 1, 0]], ["z", [0, 0, 1]]];
      axes.sort((a, b) => dot(b[1], this.forward) - dot(a[1], this.forward));
      for (const [name, axis] of axes) {
        const [dx, dy] = [dot(axis, this.right), -dot(axis, this.up)];
        paper.strokeStyle = paper.fillStyle = style.getPropertyValue("--axis-" + name);
        paper.beginPath();
        paper.moveTo(...origin);
        paper.lineTo(origin[0] + 22 * ratio * dx, origin[1] + 22 * ratio * dy);
        paper.stroke();
        paper.fillText(name, origin[0] + 30 * ratio * dx, origin[1] + 30 * ratio * dy);
      }
      const perMetre = this.scale / this.scene.metresPerUnit;
      let length = 10 ** Math.floor(Math.log10(130 * ratio / perMetre));
      for (const factor of [5, 2]) if (length * factor * perMetre <= 130 * ratio) { length *= factor; break; }
      const [right, bottom, wide] = [w - 16 * ratio, h - 18 * ratio, length * perMetre];
      paper.strokeStyle = paper.fillStyle = style.getPropertyValue("--ink");
      paper.beginPath();
      paper.moveTo(right - wide, bottom - 4 * ratio);
      paper.lineTo(right - wide, bottom);
      paper.lineTo(right, bottom);
      paper.lineTo(right, bottom - 4 * ratio);
      paper.stroke();
      paper.textAlign = "right";
      paper.fillText(View.lengthText(length), right, bottom - 14 * ratio);
    }

    static lengthText(metres) {
      const units = [["km", 1e3], ["m", 1], ["cm", 1e-2], ["mm", 1e-3], ["µm", 1e-6]];
      const fitting = units.find((u) => metres >= u[1] * 0.999 && metres < u[1] * 9999);
      return fitting ? `${Number((metres / fitting[1]).toPrecision(3))} ${fitting[0]}` : `${metres.toExponential(0)} m`;
    }

    connectControls() {
      for (const button of this.element.querySelectorAll("button")) {
        button.addEventListener("click", () => {
          const [kind, value] = button.dataset.does.split(" ");
          if (kind === "pose") this.pose = Number(value);
          if (kind === "layer") this.shown[value] = !this.shown[value];
          if (kind === "color") this.byMisfit = value === "misfit";
          if (kind === "reset" || (kind === "pose" && !this.moved)) this.center = null;
          this.press();
          this.schedule();
        });
      }
      this.press();
    }

    // Shows which buttons are down.
    press() {
      for (const button of this.element.querySelectorAll("button")) {
        const [kind, value] = button.dataset.does.split(" ");
        const down = kind === "pose" ? this.pose === Number(value) : kind === "layer" ? this.shown[value]
          : kind === "color" ? this.byMisfit === (value === "misfit") : null;
        if (down !== null) button.setAttribute("aria-pressed", String(down));
      }
      const legend = this.element.querySelector(".misfit-legend");
      if (legend) legend.hidden = !this.byMisfit;
    }

    turn(dx, dy) {
      const upwards = this.scene.worldUp, height = Math.asin(Math.max(-1, Math.min(1, -dot(this.forward, upwards))));
      const tilt = Math.max(-1.55, Math.min(1.55, height + dy)) - height;
      for (const name of ["right", "up", "forward"]) this[name] = turned(this[name], upwards, -dx);
      for (const name of ["up", "forward"]) this[name] = turned(this[name], this.right, -tilt);
      this.forward = unit(this.forward);
      this.right = unit(cross(this.forward, this.up));
      this.up = cross(this.right, this.forward);
      this.moved = true;
      this.schedule();
    }

    pan(dx, dy) {
      const ratio = Math.min(window.devicePixelRatio || 1, 2) / this.scale;
      this.center = combine(combine(this.center, 1, this.right, -dx * ratio), 1, this.up, dy * ratio);
      this.moved = true;
      this.schedule();
    }

    zoomBy(factor) {
      this.zoom = Math.min(Math.max(this.zoom * factor, 0.1), 200);
      this.moved = true;
      this.schedule();
    }

    connectPointer() {
      const fingers = new Map(), canvas = this.canvas;
      const spread = () => {
        const [a, b] = [...fingers.values()];
        return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.hypot(a.x - b.x, a.y - b.y) };
      };
      canvas.addEventListener("pointerdown", (e) => {
        fingers.set(e.pointerId, { x: e.clientX, y: e.clientY });
        canvas.setPointerCapture(e.pointerId);
      });
      canvas.addEventListener("pointermove", (e) => {
        const last = fingers.get(e.pointerId);
        if (!last || !this.center) return;
        const before = fingers.size === 2 ? spread() : null;
        fingers.set(e.pointerId, { x: e.clientX, y: e.clientY });
        if (before) {
          const after = spread();
          this.pan(after.x - before.x, after.y - before.y);
          this.zoomBy(after.distance / Math.max(before.distance, 1));
        } else if (fingers.size === 1) {
          const [dx, dy] = [e.clientX - last.x, e.clientY - last.y];
          if (e.shiftKey || e.buttons === 2 || e.buttons === 4) this.pan(dx, dy); else this.turn(dx / 180, dy / 180);
        }
      });
      for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (e) => fingers.delete(e.pointerId));
      canvas.addEventListener("contextmenu", (e) => e.preventDefault());
      // The wheel belongs to the page until the view has been clicked.
      canvas.addEventListener("wheel", (e) => {
        if (document.activeElement !== canvas || !this.center) return;
        e.preventDefault();
        this.zoomBy(Math.exp(-Math.sign(e.deltaY) * Math.min(Math.abs(e.deltaY), 60) / 400));
      }, { passive: false });
      canvas.addEventListener("dblclick", () => { this.center = null; this.schedule(); });
      canvas.addEventListener("keydown", (e) => {
        const act = {
          ArrowLeft: () => this.turn(-0.1, 0), ArrowRight: () => this.turn(0.1, 0), ArrowUp: () => this.turn(0, 0.1),
          ArrowDown: () => this.turn(0, -0.1), "+": () => this.zoomBy(1.2), "-": () => this.zoomBy(1 / 1.2),
        }[e.key];
        if (!act || !this.center) return;
        e.preventDefault();
        act();
      });
    }
  }

  const start = () => {
    for (const element of document.querySelectorAll(".cloud-view")) View.all.push(new View(element));
    window.addEventListener("beforeprint", () => View.all.forEach((view) => view.draw()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => View.all.forEach((v) => v.schedule()));
    root.dataset.ready = "true";
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
