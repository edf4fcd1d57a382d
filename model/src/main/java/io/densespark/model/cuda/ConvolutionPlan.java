package io.densespark.model.cuda;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import java.util.function.IntFunction;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.cuda.global.cudnn;

/**
 * One shape of convolution as cuDNN wants it described, and the algorithms that cuDNN's heuristics hold for the fastest
 * among those that give the same bits each time.
 *
 * <p>These functions are deprecated in favour of cuDNN's graphs of operations, and stay in all of cuDNN 9.
 */
@SuppressWarnings("deprecation")
final class ConvolutionPlan implements AutoCloseable {
    /** Algorithms asked for; cuDNN has no more for any direction. */
    private static final int MOST = 10;

    final cudnnTensorStruct x = new cudnnTensorStruct();
    final cudnnTensorStruct y = new cudnnTensorStruct();
    final cudnnFilterStruct weight = new cudnnFilterStruct();
    final cudnnConvolutionStruct convolution = new cudnnConvolutionStruct();
    final Algorithm forward;
    final Algorithm ofInput;
    final Algorithm ofWeight;

    /**
     * How cuDNN computes one direction.
     *
     * @param number of the algorithm, in cuDNN's list for the direction
     * @param workspaceBytes that it needs
     */
    record Algorithm(int number, long workspaceBytes) {}

    ConvolutionPlan(cudnnContext handle, Convolution c, ElementType maps, Precision precision) {
        int numbers = maps == ElementType.FLOAT ? cudnn.CUDNN_DATA_FLOAT : cudnn.CUDNN_DATA_BFLOAT16;
        Status.dnn(cudnn.cudnnCreateTensorDescriptor(x), "describing images");
        Status.dnn(cudnn.cudnnCreateTensorDescriptor(y), "describing images");
        Status.dnn(cudnn.cudnnCreateFilterDescriptor(weight), "describing weights");
        Status.dnn(cudnn.cudnnCreateConvolutionDescriptor(convolution), "describing a convolution");
        describe(x, numbers, c.images(), c.image(), c.inputs());
        describe(y, numbers, c.images(), c.output(), c.outputs());
        Status.dnn(
                cudnn.cudnnSetFilter4dDescriptor(
                        weight, numbers, cudnn.CUDNN_TENSOR_NHWC, c.outputs(), c.inputs(), c.kernel(), c.kernel()),
                "describing weights");
        Status.dnn(
                cudnn.cudnnSetConvolution2dDescriptor(
                        convolution,
                        c.padding(),
                        c.padding(),
                        c.stride(),
                        c.stride(),
                        1,
                        1,
                        cudnn.CUDNN_CROSS_CORRELATION,
                        cudnn.CUDNN_DATA_FLOAT),
                "describing a convolution");
        int math = precision == Precision.FP32 ? cudnn.CUDNN_FMA_MATH : cudnn.CUDNN_DEFAULT_MATH;
        Status.dnn(cudnn.cudnnSetConvolutionMathType(convolution, math), "setting the precision");
        forward = forward(handle);
        ofInput = ofInput(handle);
        ofWeight = ofWeight(handle);
    }

    private static void describe(cudnnTensorStruct tensor, int numbers, int images, ImageShape shape, int channels) {
        Status.dnn(
                cudnn.cudnnSetTensor4dDescriptorEx(
                        tensor,
                        numbers,
                        images,
                        channels,
                        shape.height(),
                        shape.width(),
                        shape.pixels() * channels,
                        1,
                        shape.width() * channels,
                        channels),
                "describing images");
    }

    private Algorithm forward(cudnnContext handle) {
        int[] found = new int[1];
        try (cudnnConvolutionFwdAlgoPerf_t all = new cudnnConvolutionFwdAlgoPerf_t(MOST)) {
            Status.dnn(
                    cudnn.cudnnGetConvolutionForwardAlgorithm_v7(handle, x, weight, convolution, y, MOST, found, all),
                    "choosing an algorithm");
            return firstFit("forward pass", found[0], i -> {
                cudnnConvolutionFwdAlgoPerf_t one = all.getPointer(i);
                return new Candidate(one.status(), one.determinism(), one.algo(), one.memory());
            });
        }
    }

    private Algorithm ofInput(cudnnContext handle) {
        int[] found = new int[1];
        try (cudnnConvolutionBwdDataAlgoPerf_t all = new cudnnConvolutionBwdDataAlgoPerf_t(MOST)) {
            Status.dnn(
                    cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                            handle, weight, y, convolution, x, MOST, found, all),
                    "choosing an algorithm");
            return firstFit("gradient of the input", found[0], i -> {
                cudnnConvolutionBwdDataAlgoPerf_t one = all.getPointer(i);
                return new Candidate(one.status(), one.determinism(), one.algo(), one.memory());
            });
        }
    }

    private Algorithm ofWeight(cudnnContext handle) {
        int[] found = new int[1];
        try (cudnnConvolutionBwdFilterAlgoPerf_t all = new cudnnConvolutionBwdFilterAlgoPerf_t(MOST)) {
            Status.dnn(
                    cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                            handle, x, y, convolution, weight, MOST, found, all),
                    "choosing an algorithm");
            return firstFit("gradient of the weights", found[0], i -> {
                cudnnConvolutionBwdFilterAlgoPerf_t one = all.getPointer(i);
                return new Candidate(one.status(), one.determinism(), one.algo(), one.memory());
            });
        }
    }

    /** One of cuDNN's answers, which have a type of their own for each direction. */
    private record Candidate(int status, int determinism, int number, long workspaceBytes) {}

    private static Algorithm firstFit(String direction, int count, IntFunction<Candidate> candidates) {
        for (int i = 0; i < count; i++) {
            Candidate one = candidates.apply(i);
            if (one.status == cudnn.CUDNN_STATUS_SUCCESS && one.determinism == cudnn.CUDNN_DETERMINISTIC) {
                return new Algorithm(one.number, one.workspaceBytes);
            }
        }
        throw new CudaException(
                "cuDNN has no repeatable algorithm for a convolution's " + direction,
                "install cuDNN 9.10 or newer",
                null);
    }

    @Override
    public void close() {
        Status.dnn(cudnn.cudnnDestroyConvolutionDescriptor(convolution), "closing a description");
        Status.dnn(cudnn.cudnnDestroyFilterDescriptor(weight), "closing a description");
        Status.dnn(cudnn.cudnnDestroyTensorDescriptor(y), "closing a description");
        Status.dnn(cudnn.cudnnDestroyTensorDescriptor(x), "closing a description");
    }
}
