package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferId;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.plan.ReplicaMemory;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What the parts of a replica share: its buffers, its workers, and the batch that is in it. */
final class Workspace {
    private static final ImageShape ONE_PIXEL = new ImageShape(1, 1);

    /** Elements of several vector registers of any processor. */
    private static final int REGISTERS = 64;

    final ReplicaSettings settings;
    final ParameterLayout layout;
    final Kernels kernels;
    final PassClock clock;
    final LayerDropouts dropouts;
    final ReplicaMemory memory;
    private final Workers workers;
    private final List<Storage> partialSums;
    private final Storage columnScratch;
    private final Storage deferredSums;
    private int images;
    private boolean training;
    private BatchPosition position = BatchPosition.START;

    Workspace(
            ReplicaSettings settings, ParameterLayout layout, Kernels kernels, ReplicaMemory memory, Workers workers) {
        this.settings = settings;
        this.layout = layout;
        this.kernels = kernels;
        this.memory = memory;
        this.workers = workers;
        partialSums = memory.copies(BufferRole.PARTIAL_SUMS.id());
        columnScratch = memory.get(BufferRole.COLUMN_SCRATCH);
        deferredSums = memory.get(BufferRole.DEFERRED_SUMS);
        clock = new PassClock(settings.workers());
        dropouts = new LayerDropouts(settings);
    }

    /** Says that the next passes train, and on what. */
    void beginTraining(int imagesInBatch, BatchPosition at) {
        images = imagesInBatch;
        training = true;
        position = at;
    }

    /** Says that the next passes evaluate, and on what. */
    void beginEvaluation(int imagesInBatch) {
        images = imagesInBatch;
        training = false;
    }

    /** Where the images stand in the run; in training. */
    BatchPosition position() {
        return position;
    }

    boolean training() {
        return training;
    }

    /** Images of worker {@code worker}'s slice. */
    int images(int worker) {
        return settings.sliceStart(images, worker + 1) - settings.sliceStart(images, worker);
    }

    /** First image of worker {@code worker}'s slice. */
    int firstImage(int worker) {
        return settings.sliceStart(images, worker);
    }

    /** Rows of all workers at that size of feature map. */
    long rows(ImageShape shape) {
        return (long) images * shape.pixels();
    }

    /** Runs {@code body} on each worker that has images. */
    void parallel(IntConsumer body) {
        workers.run(settings.workers(), worker -> {
            if (images(worker) > 0) {
                body.accept(worker);
            }
        });
    }

    /** What a worker does with its part of a vector. */
    @FunctionalInterface
    interface PartWork {
        void accept(int first, int count);
    }

    /**
     * Runs {@code body} on each worker, with a part each of a vector of {@code length}. All parts but the last are whole registers,
     * so that each number is computed by the same instructions whatever the number of workers.
     */
    void share(int length, PartWork body) {
        int parts = settings.workers();
        workers.run(parts, worker -> {
            int first = partStart(length, worker, parts);
            int count = partStart(length, worker + 1, parts) - first;
            if (count > 0) {
                body.accept(first, count);
            }
        });
    }

    private static int partStart(int length, int worker, int parts) {
        return worker == parts ? length : (int) ((long) length * worker / parts / REGISTERS * REGISTERS);
    }

    /** Number of workers that have images. */
    int busyWorkers() {
        return (int) IntStream.range(0, settings.workers())
                .filter(worker -> images(worker) > 0)
                .count();
    }

    /** A buffer of whole slices, with {@code columns} columns a pixel. */
    FeatureMap map(BufferId buffer, ImageShape shape, int columns) {
        return new FeatureMap(this, memory.copies(buffer), shape, columns);
    }

    /** A buffer with {@code columns} columns an image. */
    FeatureMap ofImages(BufferId buffer, int columns) {
        return map(buffer, ONE_PIXEL, columns);
    }

    /** A buffer of one tile or chunk. */
    PieceBuffer piece(BufferId buffer) {
        return new PieceBuffer(memory.copies(buffer));
    }

    /** Goes through {@code rows} rows, tile by tile; in equal ones if it can: the library compiles code for each height. */
    void tiles(int rows, Piece body) {
        int most = settings.tiling().rows();
        int tiles = (int) (((long) rows + most - 1) / most);
        pieces(rows, tiles > 1 && rows % tiles == 0 ? rows / tiles : most, body);
    }

    /** Goes through the images of a worker, chunk by chunk, for maps of {@code columns} channels. */
    void chunks(int worker, ImageShape shape, int columns, Piece body) {
        pieces(images(worker), settings.tiling().images(shape, columns), body);
    }

    private static void pieces(int total, int most, Piece body) {
        for (int from = 0; from < total; from += most) {
            body.on(from, Math.min(most, total - from));
        }
    }

    /** What is done with the rows or images {@code [from, from + count)}. */
    @FunctionalInterface
    interface Piece {
        void on(int from, int count);
    }

    /** A parameter, by its name in the layout. */
    Vector parameter(String name) {
        return place(memory.get(BufferRole.PARAMETERS), name);
    }

    /** Its gradient over all workers. */
    Vector gradient(String name) {
        return place(memory.get(BufferRole.GRADIENTS), name);
    }

    /** A weight by its name in the layout. */
    Weight weight(String name) {
        Vector value = parameter(name);
        List<Vector> gradients = new ArrayList<>();
        gradients.add(gradient(name));
        if (settings.workers() > 1) {
            memory.copies(BufferRole.WEIGHT_GRADIENT.id())
                    .forEach(scratch -> gradients.add(new Vector(scratch, 0, value.length())));
        }
        return new Weight(value, gradients);
    }

    /** Adds the workers' parts of a weight's gradient up, in their order, when all have added theirs. */
    void sumGradient(Weight weight) {
        if (settings.workers() == 1) {
            return;
        }
        share(weight.value().length(), (first, count) -> {
            Vector sum = weight.gradient(0).slice(first, count);
            for (int worker = 1; worker < settings.workers(); worker++) {
                Vector part = weight.gradient(worker).slice(first, count);
                kernels.add(part, sum);
                kernels.zero(part);
            }
        });
    }

    /** Zeroes the gradients, and the workers' parts of a pass that was cut off. */
    void zeroGradients() {
        zero(memory.get(BufferRole.GRADIENTS));
        if (settings.workers() > 1) {
            memory.copies(BufferRole.WEIGHT_GRADIENT.id()).forEach(this::zero);
        }
    }

    private void zero(Storage storage) {
        Vector all = new Vector(storage, 0, Math.toIntExact(storage.elements()));
        share(all.length(), (first, count) -> kernels.zero(all.slice(first, count)));
    }

    /** A norm by its module's name. Its gradients are merged over workers by the kernels. */
    Norm norm(String module) {
        Storage running = memory.get(BufferRole.RUNNING_STATISTICS);
        String scale = module + ".weight";
        String shift = module + ".bias";
        return new Norm(
                parameter(scale),
                parameter(shift),
                gradient(scale),
                gradient(shift),
                place(running, module + ".running_mean"),
                place(running, module + ".running_var"));
    }

    private Vector place(Storage flat, String name) {
        Parameter parameter = layout.get(name);
        return new Vector(flat, parameter.offset(), parameter.elements());
    }

    /** A buffer of statistics as three vectors of {@code columns}. */
    BatchStatistics statistics(BufferId buffer, int columns) {
        Storage storage = memory.copies(buffer).get(0);
        return new BatchStatistics(
                new Vector(storage, 0, columns),
                new Vector(storage, columns, columns),
                new Vector(storage, 2L * columns, columns));
    }

    /** One of two scratch pairs of scale and shift. */
    Affine affine(int slot, int columns) {
        return new Affine(quarter(columnScratch, 2 * slot, columns), quarter(columnScratch, 2 * slot + 1, columns));
    }

    /** One of two pairs of deferred sums: 0 is the block's, 1 a bottleneck's. */
    ColumnSums deferred(int slot, int columns) {
        return new ColumnSums(quarter(deferredSums, 2 * slot, columns), quarter(deferredSums, 2 * slot + 1, columns));
    }

    private static Vector quarter(Storage storage, int which, int columns) {
        return new Vector(storage, storage.elements() / 4 * which, columns);
    }

    /** Begins the sums of a worker's backward passes, for {@code columns} columns. */
    void beginSums(int worker, int columns) {
        kernels.beginSums(partialSums(worker, columns));
    }

    /** A worker's scratch for the sums of its backward passes. */
    ColumnSums partialSums(int worker, int columns) {
        Storage storage = partialSums.get(worker);
        return new ColumnSums(new Vector(storage, 0, columns), new Vector(storage, storage.elements() / 2, columns));
    }

    /** The scratch of all workers that have images, in the workers' order. */
    List<ColumnSums> partialSums(int columns) {
        return ofBusyWorkers(worker -> partialSums(worker, columns));
    }

    /** A worker's scratch for the moments of a matrix of that size of feature map. */
    Moments moments(int worker, ImageShape shape, int columns) {
        ColumnSums scratch = partialSums(worker, columns);
        return new Moments((long) images(worker) * shape.pixels(), scratch.plain(), scratch.withNormalized());
    }

    /**
     * Copies new features of some images into their columns, and adds them to the worker's moments.
     *
     * @param y {@code [pixels, c]} of the images from {@code image} on
     * @param columns where they belong, {@code [pixels of all images, c]}
     */
    void enter(int worker, ImageShape shape, Matrix y, Matrix columns, int image) {
        int row = image * shape.pixels();
        Matrix target = columns.rows(row, y.rows());
        if (training) {
            kernels.copyWithMoments(y, target, row, moments(worker, shape, y.columns()));
        } else {
            kernels.copy(y, target);
        }
    }

    /** Merges what {@link #moments} of all workers hold. */
    void mergeMoments(ImageShape shape, int columns, BatchStatistics into) {
        kernels.mergeMoments(ofBusyWorkers(worker -> moments(worker, shape, columns)), into);
    }

    private <T> List<T> ofBusyWorkers(IntFunction<T> ofWorker) {
        List<T> all = new ArrayList<>();
        for (int worker = 0; worker < settings.workers(); worker++) {
            if (images(worker) > 0) {
                all.add(ofWorker.apply(worker));
            }
        }
        return all;
    }

    /** The same for columns that {@code norm} alone reads; its scale and shift come with it. */
    void mergeMoments(ImageShape shape, int columns, BatchStatistics into, Norm norm, Affine affine) {
        if (training) {
            kernels.mergeMoments(ofBusyWorkers(worker -> moments(worker, shape, columns)), into, norm, affine);
        } else {
            kernels.runningAffine(norm, affine);
        }
    }

    /**
     * Scale and shift of {@code norm} for the forward pass, under the batch's statistics in training, which move the running
     * ones, and under the running ones otherwise.
     */
    void affine(BatchStatistics batch, Norm norm, Affine into) {
        if (training) {
            kernels.trainingAffine(batch, norm, into);
        } else {
            kernels.runningAffine(norm, into);
        }
    }
}
