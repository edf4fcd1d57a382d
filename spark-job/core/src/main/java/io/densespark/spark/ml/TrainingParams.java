package io.densespark.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * The settings of a training run as params: ranges and defaults are those of {@code densespark train}.
 *
 * @param <S> the stage itself, which setters return
 */
public interface TrainingParams<S> extends AugmentationParams<S> {
    /** A network of the paper, such as {@code densenet-121}. */
    default Param<String> preset() {
        return StageParams.get(this, "preset");
    }

    /** Sets {@link #preset}. */
    default S setPreset(String value) {
        return StageParams.set(this, preset(), value);
    }

    /** Depth of a network of three equal blocks. */
    default IntParam depth() {
        return StageParams.get(this, "depth");
    }

    /** Sets {@link #depth}. */
    default S setDepth(int value) {
        return StageParams.set(this, depth(), value);
    }

    /** Layers of each dense block, instead of {@link #depth}. */
    default IntArrayParam blockConfig() {
        return StageParams.get(this, "blockConfig");
    }

    /** Sets {@link #blockConfig}. */
    default S setBlockConfig(int... value) {
        return StageParams.set(this, blockConfig(), value);
    }

    /** Channels that each layer adds. */
    default IntParam growthRate() {
        return StageParams.get(this, "growthRate");
    }

    /** Sets {@link #growthRate}. */
    default S setGrowthRate(int value) {
        return StageParams.set(this, growthRate(), value);
    }

    /** Whether a 1x1 convolution stands before each 3x3 one. */
    default BooleanParam bottleneck() {
        return StageParams.get(this, "bottleneck");
    }

    /** Sets {@link #bottleneck}. */
    default S setBottleneck(boolean value) {
        return StageParams.set(this, bottleneck(), value);
    }

    /** Share of the channels that a transition keeps. */
    default DoubleParam compression() {
        return StageParams.get(this, "compression");
    }

    /** Sets {@link #compression}. */
    default S setCompression(double value) {
        return StageParams.set(this, compression(), value);
    }

    /** {@code small} (3x3) or {@code imagenet} (7x7 with stride 2, max-pooling). */
    default Param<String> stem() {
        return StageParams.get(this, "stem");
    }

    /** Sets {@link #stem}. */
    default S setStem(String value) {
        return StageParams.set(this, stem(), value);
    }

    /** Share of each layer's new features that training sets to zero. */
    default DoubleParam dropout() {
        return StageParams.get(this, "dropout");
    }

    /** Sets {@link #dropout}. */
    default S setDropout(double value) {
        return StageParams.set(this, dropout(), value);
    }

    /** Passes over the training rows. */
    default IntParam epochs() {
        return StageParams.get(this, "epochs");
    }

    /** Sets {@link #epochs}. */
    default S setEpochs(int value) {
        return StageParams.set(this, epochs(), value);
    }

    /** Images in a step, all workers together. */
    default IntParam batchSize() {
        return StageParams.get(this, "batchSize");
    }

    /** Sets {@link #batchSize}. */
    default S setBatchSize(int value) {
        return StageParams.set(this, batchSize(), value);
    }

    /** Of SGD; divided by 10 at half and at three quarters of the epochs. */
    default DoubleParam learningRate() {
        return StageParams.get(this, "learningRate");
    }

    /** Sets {@link #learningRate}. */
    default S setLearningRate(double value) {
        return StageParams.set(this, learningRate(), value);
    }

    /** Nesterov momentum. */
    default DoubleParam momentum() {
        return StageParams.get(this, "momentum");
    }

    /** Sets {@link #momentum}. */
    default S setMomentum(double value) {
        return StageParams.set(this, momentum(), value);
    }

    /** On every parameter. */
    default DoubleParam weightDecay() {
        return StageParams.get(this, "weightDecay");
    }

    /** Sets {@link #weightDecay}. */
    default S setWeightDecay(double value) {
        return StageParams.set(this, weightDecay(), value);
    }

    /** Rows kept aside to choose the best epoch, where no column marks them; a tenth, at most 5,000, if not set. */
    default IntParam validSize() {
        return StageParams.get(this, "validSize");
    }

    /** Sets {@link #validSize}. */
    default S setValidSize(int value) {
        return StageParams.set(this, validSize(), value);
    }

    /** {@code none}, {@code activations}, {@code bottleneck} or {@code auto}: what is computed again instead of kept. */
    default Param<String> recompute() {
        return StageParams.get(this, "recompute");
    }

    /** Sets {@link #recompute}. */
    default S setRecompute(String value) {
        return StageParams.set(this, recompute(), value);
    }

    /** {@code fp32} or {@code tf32}: of products and convolutions on GPUs. */
    default Param<String> precision() {
        return StageParams.get(this, "precision");
    }

    /** Sets {@link #precision}. */
    default S setPrecision(String value) {
        return StageParams.set(this, precision(), value);
    }

    /** Safetensors file or model folder with the weights to begin with. */
    default Param<String> init() {
        return StageParams.get(this, "init");
    }

    /** Sets {@link #init}. */
    default S setInit(String value) {
        return StageParams.set(this, init(), value);
    }

    /** Of weights, order, augmentation and what is kept aside; random if not set. */
    default LongParam seed() {
        return StageParams.get(this, "seed");
    }

    /** Sets {@link #seed}. */
    default S setSeed(long value) {
        return StageParams.set(this, seed(), value);
    }

    /** Tasks that each run one replica; as many as the cluster has slots if not set. */
    default IntParam numWorkers() {
        return StageParams.get(this, "numWorkers");
    }

    /** Sets {@link #numWorkers}. */
    default S setNumWorkers(int value) {
        return StageParams.set(this, numWorkers(), value);
    }

    /** Seconds to wait for a slow replica in each sum. */
    default IntParam collectiveTimeout() {
        return StageParams.get(this, "collectiveTimeout");
    }

    /** Sets {@link #collectiveTimeout}. */
    default S setCollectiveTimeout(int value) {
        return StageParams.set(this, collectiveTimeout(), value);
    }

    /** Replicas with which the fit goes on while the cluster hasn't as many as {@link #numWorkers}. */
    default IntParam minWorkers() {
        return StageParams.get(this, "minWorkers");
    }

    /** Sets {@link #minWorkers}. */
    default S setMinWorkers(int value) {
        return StageParams.set(this, minWorkers(), value);
    }

    /** Seconds to wait for replacements of lost executors. */
    default IntParam replicaWait() {
        return StageParams.get(this, "replicaWait");
    }

    /** Sets {@link #replicaWait}. */
    default S setReplicaWait(int value) {
        return StageParams.set(this, replicaWait(), value);
    }

    /** Seconds that a replica may be silent before it counts as lost. */
    default IntParam peerTimeout() {
        return StageParams.get(this, "peerTimeout");
    }

    /** Sets {@link #peerTimeout}. */
    default S setPeerTimeout(int value) {
        return StageParams.set(this, peerTimeout(), value);
    }

    /** Ports on which replicas listen for each other, such as {@code 40000-40999}. */
    default Param<String> portRange() {
        return StageParams.get(this, "portRange");
    }

    /** Sets {@link #portRange}. */
    default S setPortRange(String value) {
        return StageParams.set(this, portRange(), value);
    }

    /** Whether to train where Spark's own connections are protected, though the replicas' are not. */
    default BooleanParam allowPlainGradients() {
        return StageParams.get(this, "allowPlainGradients");
    }

    /** Sets {@link #allowPlainGradients}. */
    default S setAllowPlainGradients(boolean value) {
        return StageParams.set(this, allowPlainGradients(), value);
    }

    /** Whether to train in bf16 on processors that are slower so. */
    default BooleanParam allowSlowPrecision() {
        return StageParams.get(this, "allowSlowPrecision");
    }

    /** Sets {@link #allowSlowPrecision}. */
    default S setAllowSlowPrecision(boolean value) {
        return StageParams.set(this, allowSlowPrecision(), value);
    }

    /** Lost executors to survive in a row without a new checkpoint. */
    default IntParam maxFailures() {
        return StageParams.get(this, "maxFailures");
    }

    /** Sets {@link #maxFailures}. */
    default S setMaxFailures(int value) {
        return StageParams.set(this, maxFailures(), value);
    }

    /** Steps of an epoch from one checkpoint to the next; 0 for none by steps. */
    default IntParam checkpointSteps() {
        return StageParams.get(this, "checkpointSteps");
    }

    /** Sets {@link #checkpointSteps}. */
    default S setCheckpointSteps(int value) {
        return StageParams.set(this, checkpointSteps(), value);
    }

    /** Minutes from one checkpoint within an epoch to the next; 0 for none by time. */
    default IntParam checkpointMinutes() {
        return StageParams.get(this, "checkpointMinutes");
    }

    /** Sets {@link #checkpointMinutes}. */
    default S setCheckpointMinutes(int value) {
        return StageParams.set(this, checkpointMinutes(), value);
    }

    /** Newest checkpoints that stay, beside that of the best epoch. */
    default IntParam keepCheckpoints() {
        return StageParams.get(this, "keepCheckpoints");
    }

    /** Sets {@link #keepCheckpoints}. */
    default S setKeepCheckpoints(int value) {
        return StageParams.set(this, keepCheckpoints(), value);
    }
}
