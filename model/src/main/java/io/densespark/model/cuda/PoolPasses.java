package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;

/** Averages and maxima over pixels. */
final class PoolPasses {
    private final Launcher launcher;

    private final Scratch choices;

    PoolPasses(Launcher launcher, Scratch choices) {
        this.launcher = launcher;
        this.choices = choices;
    }

    /** A pass from one contiguous map to another, a thread for each pixel of {@code to}. */
    void pool(Pass pass, Matrix from, ImageShape image, Matrix to) {
        Width width = Width.of(from, to);
        launcher.launch(
                pass,
                Numbers.of(from, to),
                width,
                Grid.ofMatrix(to, width),
                address(from),
                image.height(),
                image.width(),
                address(to),
                to.rows(),
                to.columns());
    }

    void maxPoolBackward(Matrix dy, Matrix z, ImageShape image, Matrix dz) {
        long choice = choices.address((long) dy.rows() * dy.columns());
        Width width = Width.of(dy, z, dz);
        launcher.launch(
                Pass.MAX_POOL_CHOICE,
                Numbers.of(z),
                width,
                Grid.ofMatrix(dy, width),
                address(z),
                image.height(),
                image.width(),
                choice,
                dy.rows(),
                dy.columns());
        launcher.launch(
                Pass.MAX_POOL_BACKWARD,
                Numbers.of(dy, dz),
                width,
                Grid.ofMatrix(dz, width),
                address(dy),
                choice,
                image.height(),
                image.width(),
                address(dz),
                dz.rows(),
                dz.columns());
    }

    void globalAverage(Matrix z, int images, Matrix y) {
        launcher.launch(
                Pass.GLOBAL_AVERAGE,
                Numbers.of(z, y),
                Grid.ofImages(images, z.columns()),
                address(z),
                z.rows() / images,
                address(y),
                z.columns());
    }

    void globalAverageBackward(Matrix dy, int images, Matrix dz) {
        launcher.launch(
                Pass.GLOBAL_AVERAGE_BACKWARD,
                Numbers.of(dy, dz),
                Grid.ofMatrix(dz, Width.ONE),
                address(dy),
                dz.rows() / images,
                address(dz),
                dz.rows(),
                dz.columns());
    }
}
