package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;
import static io.densespark.model.cuda.DeviceAddress.at;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Precision;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.FloatPointer;

/** Convolutions by cuDNN, on maps as they lie (channels last); see {@link ConvolutionPlan} for the deprecated functions. */
@SuppressWarnings("deprecation")
final class Convolutions implements AutoCloseable {
    private static final int PLACES = 9;

    /** Elements of gradients in all places up to which a product is faster: 8 MiB, which stay in a GPU's cache. */
    private static final long MOST_MOVED = 2L << 20;

    private final cudnnContext handle = new cudnnContext();
    private final FloatPointer zero = new FloatPointer(0f);
    private final FloatPointer one = new FloatPointer(1f);
    private final Map<Shape, ConvolutionPlan> plans = new HashMap<>();
    private final LentMap lent;
    private final Scratch workspace;
    private final Precision precision;
    private final Launcher launcher;
    private final Products products;
    private final LentMap moved;

    /** All of a convolution but its weights. */
    private record Shape(int images, ImageShape image, int inputs, int outputs, int kernel, int stride) {
        static Shape of(Convolution c) {
            return new Shape(c.images(), c.image(), c.inputs(), c.outputs(), c.kernel(), c.stride());
        }
    }

    Convolutions(
            Device device, Launcher launcher, Stream stream, Upload upload, Products products, Precision precision) {
        Status.dnn(cudnn.cudnnCreate(handle), "opening it");
        Status.dnn(cudnn.cudnnSetStream(handle, stream.handle()), "taking a stream");
        this.precision = precision;
        this.launcher = launcher;
        this.products = products;
        moved = new LentMap(device, stream, upload);
        lent = new LentMap(device, stream, upload);
        workspace = new Scratch(device, stream);
    }

    private ConvolutionPlan plan(Convolution c) {
        return plans.computeIfAbsent(Shape.of(c), shape -> new ConvolutionPlan(handle, c, precision));
    }

    void convolve(Convolution c, Matrix x, Consumer<Matrix> y) {
        ConvolutionPlan plan = plan(c);
        Matrix result = lent.of(c.images() * c.output().pixels(), c.outputs());
        Status.dnn(
                cudnn.cudnnConvolutionForward(
                        handle,
                        one,
                        plan.x,
                        at(address(x)),
                        plan.weight,
                        at(address(c.weight())),
                        plan.convolution,
                        plan.forward.number(),
                        workspace(plan.forward),
                        plan.forward.workspaceBytes(),
                        zero,
                        plan.y,
                        at(address(result))),
                "a convolution");
        y.accept(result);
    }

    void weightGradient(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        if (isSmall(c)) {
            productOfMoved(c, dy, x, dWeight);
        } else {
            weightGradientByLibrary(c, dy, x, dWeight);
        }
    }

    /**
     * cuDNN's repeatable algorithms for so few outputs and pixels leave most of a GPU idle: a product of the gradients,
     * moved to each of the window's nine places, takes less than half of their time.
     */
    private static boolean isSmall(Convolution c) {
        long moved = (long) c.images() * c.image().pixels() * c.outputs() * PLACES;
        return c.kernel() == 3 && c.stride() == 1 && moved <= MOST_MOVED;
    }

    private void productOfMoved(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        Matrix gradients = moved.of(dy.rows(), c.outputs() * PLACES);
        long elements = (long) gradients.rows() * gradients.columns();
        launcher.launch(
                Pass.MOVED_GRADIENTS,
                Grid.ofVector(elements, launcher.multiprocessors()),
                address(dy),
                c.image().height(),
                c.image().width(),
                address(gradients),
                elements,
                c.outputs());
        products.addTransposed(gradients, x, dWeight);
    }

    private void weightGradientByLibrary(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        ConvolutionPlan plan = plan(c);
        Status.dnn(
                cudnn.cudnnConvolutionBackwardFilter(
                        handle,
                        one,
                        plan.x,
                        at(address(x)),
                        plan.y,
                        at(address(dy)),
                        plan.convolution,
                        plan.ofWeight.number(),
                        workspace(plan.ofWeight),
                        plan.ofWeight.workspaceBytes(),
                        one,
                        plan.weight,
                        at(address(dWeight))),
                "the gradient of a convolution's weights");
    }

    void backward(Convolution c, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        weightGradient(c, dy, x, dWeight);
        ConvolutionPlan plan = plan(c);
        Matrix result = lent.of(x.rows(), c.inputs());
        Status.dnn(
                cudnn.cudnnConvolutionBackwardData(
                        handle,
                        one,
                        plan.weight,
                        at(address(c.weight())),
                        plan.y,
                        at(address(dy)),
                        plan.convolution,
                        plan.ofInput.number(),
                        workspace(plan.ofInput),
                        plan.ofInput.workspaceBytes(),
                        zero,
                        plan.x,
                        at(address(result))),
                "the gradient of a convolution's input");
        dx.accept(result);
    }

    private FloatPointer workspace(ConvolutionPlan.Algorithm algorithm) {
        return at(workspace.address(algorithm.workspaceBytes()));
    }

    @Override
    public void close() {
        plans.values().forEach(ConvolutionPlan::close);
        Status.dnn(cudnn.cudnnDestroy(handle), "closing it");
        workspace.close();
        lent.close();
        moved.close();
        zero.close();
        one.close();
    }
}
