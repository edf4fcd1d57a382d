package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;

/** The losses of a GPU's replicas, which live as long as its backend. */
final class Losses implements AutoCloseable {
    private final Device device;
    private final Launcher launcher;
    private final Stream stream;
    private final Upload upload;
    private final List<CrossEntropyPass> all = new ArrayList<>();

    Losses(Device device, Launcher launcher, Stream stream, Upload upload) {
        this.device = device;
        this.launcher = launcher;
        this.stream = stream;
        this.upload = upload;
    }

    CrossEntropyPass of(int batch) {
        CrossEntropyPass loss = new CrossEntropyPass(device, launcher, stream, upload, batch);
        all.add(loss);
        return loss;
    }

    @Override
    public void close() {
        all.forEach(CrossEntropyPass::close);
    }
}
