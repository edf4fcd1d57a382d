package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;
import static io.densespark.model.cuda.DeviceAddress.at;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Precision;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.FloatPointer;

/** Convolutions by cuDNN, on maps as they lie (channels last); see {@link ConvolutionPlan} for the deprecated functions. */
@SuppressWarnings("deprecation")
final class Convolutions implements AutoCloseable {
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
        Matrix result = lent.of(c.images() * c.output().pixels(), c.outputs());
        inParts(c, 0, plan -> plan.forward, (plan, part, first) -> {
            Matrix xOfPart = imagesOf(x, c.image(), first, part.images());
            Matrix yOfPart = imagesOf(result, c.output(), first, part.images());
            Status.dnn(
                    cudnn.cudnnConvolutionForward(
                            handle,
                            one,
                            plan.x,
                            at(address(xOfPart)),
                            plan.weight,
                            at(address(c.weight())),
                            plan.convolution,
                            plan.forward.number(),
                            workspace(plan.forward),
                            plan.forward.workspaceBytes(),
                            zero,
                            plan.y,
                            at(address(yOfPart))),
                    "a convolution");
        });
        y.accept(result);
    }

    void weightGradient(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        if (c.kernel() == 3 && c.stride() == 1 && GpuScratch.movedElements(dy.rows(), c.outputs()) > 0) {
            productOfMoved(c, dy, x, dWeight);
        } else {
            weightGradientByLibrary(c, dy, x, dWeight);
        }
    }

    /**
     * cuDNN's repeatable algorithms for so few outputs and pixels leave most of a GPU idle: a product of the gradients,
     * moved to each of the window's nine places, takes less than half of their time.
     */
    private void productOfMoved(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        Matrix gradients = moved.of(dy.rows(), c.outputs() * GpuScratch.WINDOW);
        int elements = gradients.rows() * gradients.columns();
        launcher.launch(
                Pass.MOVED_GRADIENTS,
                Grid.ofVector(elements),
                address(dy),
                c.image().height(),
                c.image().width(),
                address(gradients),
                elements,
                c.outputs());
        products.addTransposed(gradients, x, dWeight);
    }

    private void weightGradientByLibrary(Convolution c, Matrix dy, Matrix x, Vector dWeight) {
        inParts(c, 0, plan -> plan.ofWeight, (plan, part, first) -> {
            Matrix xOfPart = imagesOf(x, c.image(), first, part.images());
            Matrix dyOfPart = imagesOf(dy, c.output(), first, part.images());
            Status.dnn(
                    cudnn.cudnnConvolutionBackwardFilter(
                            handle,
                            one,
                            plan.x,
                            at(address(xOfPart)),
                            plan.y,
                            at(address(dyOfPart)),
                            plan.convolution,
                            plan.ofWeight.number(),
                            workspace(plan.ofWeight),
                            plan.ofWeight.workspaceBytes(),
                            one,
                            plan.weight,
                            at(address(dWeight))),
                    "the gradient of a convolution's weights");
        });
    }

    void backward(Convolution c, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        weightGradient(c, dy, x, dWeight);
        Matrix result = lent.of(x.rows(), c.inputs());
        inParts(c, 0, plan -> plan.ofInput, (plan, part, first) -> {
            Matrix dyOfPart = imagesOf(dy, c.output(), first, part.images());
            Matrix dxOfPart = imagesOf(result, c.image(), first, part.images());
            Status.dnn(
                    cudnn.cudnnConvolutionBackwardData(
                            handle,
                            one,
                            plan.weight,
                            at(address(c.weight())),
                            plan.y,
                            at(address(dyOfPart)),
                            plan.convolution,
                            plan.ofInput.number(),
                            workspace(plan.ofInput),
                            plan.ofInput.workspaceBytes(),
                            zero,
                            plan.x,
                            at(address(dxOfPart))),
                    "the gradient of a convolution's input");
        });
        dx.accept(result);
    }

    /** What is done with the images {@code [first, first + part.images())}. */
    @FunctionalInterface
    private interface Part {
        void run(ConvolutionPlan plan, Convolution part, int first);
    }

    /** Goes through a convolution's images, in halves of halves until the library's workspace is what was planned. */
    private void inParts(
            Convolution c, int first, Function<ConvolutionPlan, ConvolutionPlan.Algorithm> direction, Part body) {
        ConvolutionPlan plan = plan(c);
        long inputs = (long) c.images() * c.image().pixels() * c.inputs();
        long outputs = (long) c.images() * c.output().pixels() * c.outputs();
        long most = GpuScratch.convolutionWorkspace(inputs, outputs);
        if (c.images() == 1 || direction.apply(plan).workspaceBytes() <= most) {
            body.run(plan, c, first);
        } else {
            int half = c.images() / 2;
            inParts(withImages(c, half), first, direction, body);
            inParts(withImages(c, c.images() - half), first + half, direction, body);
        }
    }

    private static Convolution withImages(Convolution c, int images) {
        return new Convolution(images, c.image(), c.inputs(), c.outputs(), c.kernel(), c.stride(), c.weight());
    }

    private static Matrix imagesOf(Matrix map, ImageShape shape, int first, int images) {
        return map.rows(first * shape.pixels(), images * shape.pixels());
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
