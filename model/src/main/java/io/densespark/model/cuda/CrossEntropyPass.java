package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.kernels.DeviceLoss;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.Arrays;
import java.util.function.Supplier;

/** The loss of a batch on the GPU. */
final class CrossEntropyPass implements DeviceLoss {
    private static final int SUMS = 2;

    private final Launcher launcher;
    private final Stream stream;
    private final Upload upload;
    private final Download download;
    private final DeviceMemory targets;
    private final DeviceMemory found;
    private final DeviceMemory sums;
    private final float[] loaded;
    private int images;

    CrossEntropyPass(Device device, Launcher launcher, Stream stream, Upload upload, Download download, int batch) {
        this.launcher = launcher;
        this.stream = stream;
        this.upload = upload;
        this.download = download;
        loaded = new float[SUMS * batch + 1];
        targets = DeviceMemory.allocate(device, (long) loaded.length * Float.BYTES);
        found = DeviceMemory.allocate(device, (long) SUMS * batch * Double.BYTES);
        sums = DeviceMemory.allocate(device, SUMS * Double.BYTES);
    }

    @Override
    public void load(int[] labels, float[] weights, int count, double scale) {
        images = count;
        for (int n = 0; n < count; n++) {
            // Exact: a network has far fewer than 2^24 classes.
            loaded[n] = labels[n];
        }
        if (weights.length == 0) {
            Arrays.fill(loaded, count, SUMS * count, 1);
        } else {
            System.arraycopy(weights, 0, loaded, count, count);
        }
        loaded[SUMS * count] = (float) scale;
        upload.copy(loaded, 0, SUMS * count + 1, targets.address());
    }

    @Override
    public void take(Matrix outputs, Vector bias) {
        launcher.launch(
                Pass.CROSS_ENTROPY,
                new Grid(images, 1, Grid.THREADS, 1),
                address(outputs),
                address(bias),
                targets.address(),
                found.address(),
                images,
                outputs.columns());
        launcher.launch(Pass.SUM_LOSSES, new Grid(1, 1, Grid.THREADS, 1), found.address(), images, sums.address());
    }

    @Override
    public void biasGradient(Matrix dOutputs, Vector dBias) {
        int columns = dOutputs.columns();
        launcher.launch(
                Pass.SUM_ROWS, Grid.ofColumns(columns), address(dOutputs), dOutputs.rows(), columns, address(dBias));
    }

    @Override
    public Supplier<Sums> sums() {
        return download.take(
                sums.address(), SUMS * Double.BYTES, found -> new Sums(found.getDouble(), (int) found.getDouble()));
    }

    @Override
    public void close() {
        stream.await();
        sums.close();
        found.close();
        targets.close();
    }
}
