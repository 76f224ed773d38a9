// The views of a page: each keeps its picture on a canvas of its own and frees its points out of sight. The state of a
// view is its attribute data-state: waiting, drawn, released or unavailable.

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

  // What is in sight when the page opens is drawn at once.
  begin() {
    const { top, bottom } = this.stage.getBoundingClientRect();
    this.inSight = bottom > 0 && top < window.innerHeight;
    if (this.inSight) this.draw();
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
  View.all.forEach((view) => view.begin());
  window.addEventListener("beforeprint", () => View.all.forEach((view) => view.draw()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => View.all.forEach((v) => v.schedule()));
  root.dataset.ready = "true";
};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
