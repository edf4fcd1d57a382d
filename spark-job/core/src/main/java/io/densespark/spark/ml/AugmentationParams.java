package io.densespark.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Params;

/**
 * Random changes to training images as params: ranges and defaults are those of {@code densespark train}.
 *
 * @param <S> the stage itself, which setters return
 */
public interface AugmentationParams<S> extends Params {
    /** Black pixels around an image before a random crop; 0 for no crop. */
    default IntParam cropPadding() {
        return StageParams.get(this, "cropPadding");
    }

    /** Sets {@link #cropPadding}. */
    default S setCropPadding(int value) {
        return StageParams.set(this, cropPadding(), value);
    }

    /** Whether half of the training images are flipped horizontally. */
    default BooleanParam flip() {
        return StageParams.get(this, "flip");
    }

    /** Sets {@link #flip}. */
    default S setFlip(boolean value) {
        return StageParams.set(this, flip(), value);
    }

    /** Whether a random part of each training image is scaled to the images' size, in place of {@code cropPadding}. */
    default BooleanParam randomResizedCrop() {
        return StageParams.get(this, "randomResizedCrop");
    }

    /** Sets {@link #randomResizedCrop}. */
    default S setRandomResizedCrop(boolean value) {
        return StageParams.set(this, randomResizedCrop(), value);
    }

    /** Least share of the image's area that {@link #randomResizedCrop} takes. */
    default DoubleParam cropScale() {
        return StageParams.get(this, "cropScale");
    }

    /** Sets {@link #cropScale}. */
    default S setCropScale(double value) {
        return StageParams.set(this, cropScale(), value);
    }

    /** Degrees by which training images are turned at most, either way. */
    default DoubleParam rotation() {
        return StageParams.get(this, "rotation");
    }

    /** Sets {@link #rotation}. */
    default S setRotation(double value) {
        return StageParams.set(this, rotation(), value);
    }

    /** Share of their height and width by which training images are moved at most. */
    default DoubleParam translate() {
        return StageParams.get(this, "translate");
    }

    /** Sets {@link #translate}. */
    default S setTranslate(double value) {
        return StageParams.set(this, translate(), value);
    }

    /** Training images are scaled by 1 less this to 1 more. */
    default DoubleParam affineScale() {
        return StageParams.get(this, "affineScale");
    }

    /** Sets {@link #affineScale}. */
    default S setAffineScale(double value) {
        return StageParams.set(this, affineScale(), value);
    }

    /** Degrees by which training images are sheared at most, either way. */
    default DoubleParam shear() {
        return StageParams.get(this, "shear");
    }

    /** Sets {@link #shear}. */
    default S setShear(double value) {
        return StageParams.set(this, shear(), value);
    }

    /** Strength of random brightness: factors of 1 less this to 1 more. */
    default DoubleParam brightness() {
        return StageParams.get(this, "brightness");
    }

    /** Sets {@link #brightness}. */
    default S setBrightness(double value) {
        return StageParams.set(this, brightness(), value);
    }

    /** Strength of random contrast. */
    default DoubleParam contrast() {
        return StageParams.get(this, "contrast");
    }

    /** Sets {@link #contrast}. */
    default S setContrast(double value) {
        return StageParams.set(this, contrast(), value);
    }

    /** Strength of random saturation. */
    default DoubleParam saturation() {
        return StageParams.get(this, "saturation");
    }

    /** Sets {@link #saturation}. */
    default S setSaturation(double value) {
        return StageParams.set(this, saturation(), value);
    }
}
