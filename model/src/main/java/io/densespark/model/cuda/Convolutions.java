package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;
import static io.densespark.model.cuda.DeviceAddress.at;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Precision;
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
    private final Scratch roundedGradient;

    /** All of a convolution but its weights. */
    private record Shape(
            ElementType maps, int images, ImageShape image, int inputs, int outputs, int kernel, int stride) {
        static Shape of(Convolution c, ElementType maps) {
            return new Shape(maps, c.images(), c.image(), c.inputs(), c.outputs(), c.kernel(), c.stride());
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
        roundedGradient = new Scratch(device, stream);
        lent = new LentMap(device, stream, upload);
        workspace = new Scratch(device, stream);
    }

    private ConvolutionPlan plan(Convolution c, ElementType maps) {
        return plans.computeIfAbsent(Shape.of(c, maps), shape -> new ConvolutionPlan(handle, c, maps, precision));
    }

    void convolve(Convolution c, Matrix x, Consumer<Matrix> y) {
        ElementType maps = x.storage().type();
        Matrix result = lent.of(maps, c.images() * c.output().pixels(), c.outputs());
        inParts(c, maps, 0, plan -> plan.forward, (plan, part, first) -> {
            Matrix xOfPart = imagesOf(x, c.image(), first, part.images());
            Matrix yOfPart = imagesOf(result, c.output(), first, part.images());
            Status.dnn(
                    cudnn.cudnnConvolutionForward(
                            handle,
                            one,
                            plan.x,
                            at(address(xOfPart)),
                            plan.weight,
                            at(products.weight(c.weight(), x)),
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
        Matrix gradients = moved.of(dy.storage().type(), dy.rows(), c.outputs() * GpuScratch.WINDOW);
        int elements = gradients.rows() * gradients.columns();
        launcher.launch(
                Pass.MOVED_GRADIENTS,
                Numbers.of(dy),
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
        ElementType maps = x.storage().type();
        boolean isRounded = maps == ElementType.BFLOAT16;
        // The library gives gradients in the numbers of the maps.
        long target = isRounded ? roundedGradient.address((long) dWeight.length() * maps.bytes()) : address(dWeight);
        inParts(c, maps, 0, plan -> plan.ofWeight, (plan, part, first) -> {
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
                            isRounded ? zero : one,
                            plan.weight,
                            at(target)),
                    "the gradient of a convolution's weights");
            if (isRounded) {
                launcher.launch(
                        Pass.ADD_ROUNDED, Grid.ofVector(dWeight.length()), target, address(dWeight), dWeight.length());
            }
        });
    }

    void backward(Convolution c, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        weightGradient(c, dy, x, dWeight);
        ElementType maps = x.storage().type();
        Matrix result = lent.of(maps, x.rows(), c.inputs());
        inParts(c, maps, 0, plan -> plan.ofInput, (plan, part, first) -> {
            Matrix dyOfPart = imagesOf(dy, c.output(), first, part.images());
            Matrix dxOfPart = imagesOf(result, c.image(), first, part.images());
            Status.dnn(
                    cudnn.cudnnConvolutionBackwardData(
                            handle,
                            one,
                            plan.weight,
                            at(products.weight(c.weight(), dy)),
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
            Convolution c,
            ElementType maps,
            int first,
            Function<ConvolutionPlan, ConvolutionPlan.Algorithm> direction,
            Part body) {
        ConvolutionPlan plan = plan(c, maps);
        long inputs = (long) c.images() * c.image().pixels() * c.inputs();
        long outputs = (long) c.images() * c.output().pixels() * c.outputs();
        long most = GpuScratch.convolutionWorkspace(inputs, outputs, maps);
        if (c.images() == 1 || direction.apply(plan).workspaceBytes() <= most) {
            body.run(plan, c, first);
        } else {
            int half = c.images() / 2;
            inParts(withImages(c, half), maps, first, direction, body);
            inParts(withImages(c, c.images() - half), maps, first + half, direction, body);
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
        roundedGradient.close();
        zero.close();
        one.close();
    }
}
