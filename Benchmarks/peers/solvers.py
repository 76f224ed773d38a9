"""General libraries on the problems that `Benchmarks solvers FOLDER` has written: python solvers.py FOLDER

NumPyro and SciPy for variational inference and Laplace, OpenCV and SciPy for the inversion of a lens, scikit-learn for ridge
regression and classification. Prints lines like the Swift benchmark, the accuracy of both in the notes.
"""

import argparse
import os
import warnings

import cv2
import jax
import jax.numpy as jnp
import numpy
import numpyro
import scipy.optimize
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoMultivariateNormal
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.svm import LinearSVC

from figures import best, figure

jax.config.update("jax_enable_x64", True)
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder")
parser.add_argument("--runs", type=int, default=3)
options = parser.parse_args()
threads = len(os.sched_getaffinity(0))


def read(name):
    return numpy.loadtxt(f"{options.folder}/{name}.txt", ndmin=2)


def off(covariance, reference):
    """|L^-1 S L^-T - I| / sqrt d with L the Cholesky factor of the reference."""
    root = numpy.linalg.inv(numpy.linalg.cholesky(reference))
    d = len(reference)
    return numpy.linalg.norm(root @ covariance @ root.T - numpy.eye(d)) / numpy.sqrt(d)


def variational(task, density, d, reference, mean, steps):
    """NumPyro's full-rank guide with Adam; its time holds what JAX compiles anew in every call."""
    def model():
        z = numpyro.sample("z", numpyro.distributions.ImproperUniform(numpyro.distributions.constraints.real_vector, (), (d,)))
        numpyro.factor("density", density(z))

    guide = AutoMultivariateNormal(model, init_loc_fn=numpyro.infer.init_to_value(values={"z": jnp.zeros(d)}))
    svi = SVI(model, guide, numpyro.optim.Adam(1e-2), Trace_ELBO())
    run = lambda: svi.run(jax.random.PRNGKey(0), steps, progress_bar=False)
    seconds, result = best(options.runs, run)
    scale = numpy.asarray(result.params["auto_scale_tril"])
    location = numpy.asarray(result.params["auto_loc"])
    note = f"Adam 0.01, {steps} steps, covariance off by {off(scale @ scale.T, reference):.3g}"
    figure(task, "fit", threads, "numpyro", seconds, note + f", mean by {numpy.linalg.norm(location - mean):.3g}")


for condition in (1, 25):
    table = read(f"gaussian-{condition}")
    mean, precision = table[0], table[1:]
    quadratic = lambda z, m=mean, p=precision: -0.5 * (z - m) @ p @ (z - m)
    variational(f"bbvi gaussian {condition}", quadratic, 6, numpy.linalg.inv(precision), mean, 3000)

# The pose: a reference by importance sampling around the mode.
points = read("pose")
source, target = jnp.array(points[:, :3]), jnp.array(points[:, 3:])
freedom, sigma = 4.0, 0.05


def moved(z):
    skew = jnp.array([[0, -z[2], z[1]], [z[2], 0, -z[0]], [-z[1], z[0], 0]])
    twist = jnp.zeros((4, 4)).at[:3, :3].set(skew).at[:3, 3].set(z[3:])
    t = jax.scipy.linalg.expm(twist)
    return source @ t[:3, :3].T + t[:3, 3]


def posterior(z):
    squared = ((moved(z) - target) ** 2).sum(1)
    return -0.5 * (freedom + 3) * jnp.log1p(squared / (freedom * sigma**2)).sum()


value, slope, hessian = jax.jit(lambda z: -posterior(z)), jax.jit(jax.grad(lambda z: -posterior(z))), None
hessian = jax.jit(jax.hessian(lambda z: -posterior(z)))


def laplace():
    found = scipy.optimize.minimize(value, numpy.zeros(6), jac=slope, method="BFGS", options={"gtol": 1e-8})
    return found.x, numpy.linalg.inv(numpy.asarray(hessian(found.x)))


laplace()
seconds, (mode, curvature) = best(options.runs, laplace)
random = numpy.random.default_rng(0)
root = numpy.linalg.cholesky(curvature)
normal, chi = random.normal(size=(40000, 6)), random.chisquare(5, size=40000)
u = 1.3 * normal / numpy.sqrt(chi / 5)[:, None]
samples = mode + u @ root.T
logs = numpy.asarray(jax.vmap(posterior)(jnp.array(samples))) + 0.5 * 11 * numpy.log1p((u**2).sum(1) / (1.69 * 5))
weights = numpy.exp(logs - logs.max())
weights /= weights.sum()
mean = weights @ samples
reference = (samples - mean).T @ ((samples - mean) * weights[:, None])
print(f"# pose: effective samples of the reference {1 / (weights**2).sum():.0f}")
figure("bbvi pose 30", "laplace", threads, "scipy", seconds, f"BFGS, covariance off by {off(curvature, reference):.3g}")
variational("bbvi pose 30", posterior, 6, reference, mean, 3000)
for name in ("laplace", "plumb"):
    table = read(f"bbvi-pose-30-{name}")
    print(f"# pose: {name} of the Swift benchmark: covariance off by {off(table[1:], reference):.3g}, "
          f"mean by {numpy.linalg.norm(table[0] - mean):.3g}")

# The lens.
table = read("lens")
truth, seen = table[:, :2], numpy.ascontiguousarray(table[:, 2:])
camera, coefficients = numpy.eye(3), numpy.array([-0.28, 0.07, 5e-4, -3e-4])
largest = lambda found: numpy.linalg.norm(found - truth, axis=1).max()
for step, criteria in (("5 iterations", (cv2.TERM_CRITERIA_COUNT, 5, 0)), ("to 1e-12", (cv2.TERM_CRITERIA_COUNT, 40, 0))):
    work = lambda: cv2.undistortPoints(seen[:, None], camera, coefficients, criteria=criteria)[:, 0]
    seconds, found = best(options.runs, work)
    figure("lens 100000", step, threads, "opencv", seconds, f"{criteria[1]} iterations, largest error {largest(found):.3g}")


def distorted(z):
    x, y = z[:, 0], z[:, 1]
    r2 = x * x + y * y
    factor = 1 + r2 * (-0.28 + 0.07 * r2)
    return numpy.stack([
        x * factor + 2 * 5e-4 * x * y - 3e-4 * (r2 + 2 * x * x), y * factor + 5e-4 * (r2 + 2 * y * y) - 2 * 3e-4 * x * y], 1)


work = lambda: scipy.optimize.fixed_point(lambda z: z - (distorted(z) - seen), seen, xtol=1e-12, maxiter=100)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        seconds, found = best(options.runs, work)
        figure("lens 100000", "to 1e-12", threads, "scipy", seconds, f"fixed_point (Steffensen), largest error {largest(found):.3g}")
    except RuntimeError as error:
        print(f"# lens: scipy.optimize.fixed_point did not converge: {str(error).split(chr(44))[0]}")

# Ridge regression with leave-one-out by the closed form on scikit-learn's fit, as RidgeCV does inside.
table = read("ridge")
features, labels = table[:, :-1], table[:, -1]


def ridge():
    model = Ridge(alpha=3, fit_intercept=False, solver="cholesky").fit(features, labels)
    gram = features.T @ features + 3 * numpy.eye(features.shape[1])
    leverage = (features * numpy.linalg.solve(gram, features.T).T).sum(1)
    return model.coef_, labels - (labels - features @ model.coef_) / (1 - leverage)


seconds, (coefficients, left) = best(options.runs, ridge)
with open(f"{options.folder}/ridge-plumb.txt") as lines:
    ours = [numpy.array(line.split(), float) for line in lines]
figure("ridge 2000x40", "fit, leave-one-out", threads, "sklearn", seconds,
       f"Plumb differs by {abs(ours[0] - coefficients).max():.2g}, leave-one-out by {abs(ours[1] - left).max():.2g}")

# Classification: a grid over the penalty on training and validation samples.
table = read("classifier")
features, labels = table[:, :-1], table[:, -1]
search = lambda: GridSearchCV(LinearSVC(dual=True, max_iter=20000), {"C": [0.01, 0.1, 1, 10]}, cv=3).fit(features[:650], labels[:650])
seconds, model = best(options.runs, search)
figure("classifier 768", "LinearSVC, grid", threads, "sklearn", seconds,
       f"test accuracy {(model.predict(features[650:]) == labels[650:]).mean():.3f}")
