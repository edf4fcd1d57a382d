package io.densespark.model.cuda;

import io.densespark.model.kernels.Dropout;
import io.densespark.model.tensor.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What changes from step to step of the layers' dropouts, on the GPU: passes that were recorded once find there what the step
 * drops.
 */
final class TakenDropouts implements AutoCloseable {
    /** Numbers of a layer: its key, and the place of the batch's first element. */
    private static final int NUMBERS = 2;

    private final Upload upload;
    private final Scratch memory;
    private final Map<Long, Integer> layers = new HashMap<>();
    private List<Dropout> taken = List.of();

    TakenDropouts(Device device, Stream stream, Upload upload) {
        this.upload = upload;
        memory = new Scratch(device, stream);
    }

    /** Bytes of so many layers. */
    private static long bytes(long count) {
        return count * NUMBERS * Long.BYTES;
    }

    void take(List<Dropout> ofLayers) {
        taken = List.copyOf(ofLayers);
        layers.clear();
        long[] numbers = new long[NUMBERS * taken.size()];
        for (int layer = 0; layer < taken.size(); layer++) {
            Dropout dropout = taken.get(layer);
            layers.put(dropout.key(), layer);
            numbers[NUMBERS * layer] = dropout.key();
            numbers[NUMBERS * layer + 1] = dropout.first();
        }
        upload.copy(numbers, memory.address(bytes(taken.size())));
    }

    /** Where the numbers of the layer that drops so are. */
    long address(Dropout dropout) {
        return memory.address(bytes(taken.size())) + bytes(layer(dropout));
    }

    /** How far a matrix of that layer begins behind the batch's first element; the same in each step. */
    long offset(Dropout dropout) {
        return dropout.first() - taken.get(layer(dropout)).first();
    }

    private int layer(Dropout dropout) {
        Integer layer = layers.get(dropout.key());
        if (layer == null) {
            throw new IllegalStateException("a dropout that was not taken");
        }
        return layer;
    }

    @Override
    public void close() {
        memory.close();
    }
}
