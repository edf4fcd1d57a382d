package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Vector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.IntPointer;

/**
 * A network's weights in bfloat16, for products with maps of bfloat16: a copy that is made anew for each pass. Each weight
 * begins at a multiple of 16 bytes there, since tensor cores read so much at once.
 */
final class RoundedWeights implements AutoCloseable {
    private static final int ALIGNED = GpuScratch.ALIGNED_WEIGHTS;

    private final Launcher launcher;
    private final Stream stream;
    private final Scratch copy;
    private final Scratch table;
    private List<Vector> taken = List.of();

    /** By a weight's offset among the parameters its own in the copy. */
    private final Map<Long, Long> places = new HashMap<>();

    private long elements;

    RoundedWeights(Device device, Launcher launcher, Stream stream) {
        this.launcher = launcher;
        this.stream = stream;
        copy = new Scratch(device, stream);
        table = new Scratch(device, stream);
    }

    /** Rounds the weights as they are now, for products from here on; they lie in one storage. */
    void take(List<Vector> weights) {
        if (!weights.equals(taken)) {
            place(weights);
            taken = weights;
        }
        Vector all = new Vector(
                weights.get(0).storage(),
                0,
                Math.toIntExact(weights.get(0).storage().elements()));
        launcher.launch(
                Pass.ROUND_WEIGHTS,
                Grid.ofVector(elements),
                address(all),
                all.length(),
                table.address(0),
                copy.address(0),
                elements);
    }

    /** Has on the GPU for each group of elements of the copy where it comes from. */
    private void place(List<Vector> weights) {
        places.clear();
        elements = 0;
        for (Vector weight : weights) {
            places.put(weight.offset(), elements);
            elements += GpuScratch.weightGroups(weight.length()) * ALIGNED;
        }
        int[] sources = new int[Math.toIntExact(elements / ALIGNED)];
        int next = 0;
        for (Vector weight : weights) {
            int first = Math.toIntExact(weight.offset());
            int count = Math.toIntExact(GpuScratch.weightGroups(weight.length()));
            for (int group = 0; group < count; group++) {
                sources[next++] = first + group * ALIGNED;
            }
        }
        copy.address(elements * ElementType.BFLOAT16.bytes());
        long bytes = (long) sources.length * Integer.BYTES;
        long target = table.address(bytes);
        try (IntPointer host = new IntPointer(sources)) {
            stream.copyToDevice(host, target, bytes);
        }
    }

    /** The address of a weight that was {@linkplain #take taken}. */
    long of(Vector weight) {
        Long place = places.get(weight.offset());
        if (place == null || weight.storage() != taken.get(0).storage()) {
            throw new IllegalStateException("a weight that was not rounded");
        }
        return copy.address(0) + place * ElementType.BFLOAT16.bytes();
    }

    @Override
    public void close() {
        table.close();
        copy.close();
    }
}
