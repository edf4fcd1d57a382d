package io.densespark.bigdl;

import com.intel.analytics.bigdl.nn.DynamicContainer;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractCriterion;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.python.api.PythonBigDL;
import com.intel.analytics.bigdl.tensor.TensorNumericMath.TensorNumeric;
import java.util.List;
import scala.Tuple2;
import scala.reflect.ClassTag;

/** BigDL's modules of float tensors in NCHW, by its interface for Python: the only one without Scala's implicits. */
final class Modules {
    private static final String NCHW = "NCHW";

    // Python's entry for float; Scala's Float is an Object for Java.
    @SuppressWarnings("unchecked")
    static final PythonBigDL<Object> BIGDL = (PythonBigDL<Object>) (Object) PythonBigDL.ofFloat();

    private static final Tuple2<ClassTag<?>[], TensorNumeric<?>[]> TYPES =
            identity().getClassTagNumerics();

    /** What Scala passes along where a method is generic in the type of numbers. */
    @SuppressWarnings("unchecked")
    static final ClassTag<Object> FLOAT = (ClassTag<Object>) TYPES._1()[0];

    @SuppressWarnings("unchecked")
    static final TensorNumeric<Object> NUMERIC = (TensorNumeric<Object>) TYPES._2()[0];

    private Modules() {}

    static AbstractModule<Activity, Activity, Object> sequential(
            List<AbstractModule<Activity, Activity, Object>> parts) {
        return filled(BIGDL.createSequential(), parts);
    }

    static AbstractModule<Activity, Activity, Object> concat(List<AbstractModule<Activity, Activity, Object>> parts) {
        return filled(BIGDL.createConcat(2), parts);
    }

    static AbstractModule<Activity, Activity, Object> joined(List<AbstractModule<Activity, Activity, Object>> parts) {
        return sequential(List.of(filled(BIGDL.createConcatTable(), parts), join()));
    }

    /** Joins a table along the channels. */
    static AbstractModule<Activity, Activity, Object> join() {
        return any(BIGDL.createJoinTable(2, 4));
    }

    static AbstractModule<Activity, Activity, Object> identity() {
        return any(BIGDL.createIdentity());
    }

    static AbstractModule<Activity, Activity, Object> convolution(
            int in, int out, int kernel, int stride, boolean bias) {
        int padding = kernel / 2;
        return any(BIGDL.createSpatialConvolution(
                in, out, kernel, kernel, stride, stride, padding, padding, 1, true, null, null, null, null, null, null,
                bias, NCHW));
    }

    static AbstractModule<Activity, Activity, Object> norm(int channels) {
        return any(BIGDL.createSpatialBatchNormalization(channels, 1e-5, 0.1, true, null, null, null, null, NCHW));
    }

    static AbstractModule<Activity, Activity, Object> relu() {
        return any(BIGDL.createReLU(true));
    }

    /** Scales what it keeps when it trains, as BigDL's does by default. */
    static AbstractModule<Activity, Activity, Object> dropout(double share) {
        return any(BIGDL.createDropout(share, false, true));
    }

    static AbstractModule<Activity, Activity, Object> maxPooling() {
        return any(BIGDL.createSpatialMaxPooling(3, 3, 2, 2, 1, 1, false, NCHW));
    }

    static AbstractModule<Activity, Activity, Object> averagePooling(int side, boolean global) {
        return any(BIGDL.createSpatialAveragePooling(side, side, side, side, 0, 0, global, false, true, true, NCHW));
    }

    static AbstractModule<Activity, Activity, Object> flatten(int channels) {
        return any(BIGDL.createReshape(List.of(channels), true));
    }

    static AbstractModule<Activity, Activity, Object> linear(int in, int out) {
        return any(BIGDL.createLinear(in, out, true, null, null, null, null, null, null));
    }

    static AbstractModule<Activity, Activity, Object> logSoftMax() {
        return any(BIGDL.createLogSoftMax());
    }

    /** No DenseNet has it. */
    static AbstractModule<Activity, Activity, Object> tanh() {
        return any(BIGDL.createTanh());
    }

    /** For labels counted from 1, and log-probabilities. */
    @SuppressWarnings("unchecked")
    static AbstractCriterion<Activity, Activity, Object> negativeLogLikelihood() {
        return (AbstractCriterion<Activity, Activity, Object>) (Object) BIGDL.createClassNLLCriterion(null, true, true);
    }

    @SuppressWarnings("unchecked")
    private static AbstractModule<Activity, Activity, Object> filled(
            Object container, List<AbstractModule<Activity, Activity, Object>> parts) {
        DynamicContainer<Activity, Activity, Object> typed = (DynamicContainer<Activity, Activity, Object>) container;
        parts.forEach(part -> typed.add(part));
        return typed;
    }

    /** BigDL's module classes bind other type parameters than Java can tell. */
    @SuppressWarnings("unchecked")
    static AbstractModule<Activity, Activity, Object> any(Object module) {
        return (AbstractModule<Activity, Activity, Object>) module;
    }
}
