package io.densespark.spark.settings;

import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.batch.Augmentation;
import io.densespark.spark.JobException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An augmentation by the settings that ask for it. */
final class AugmentationSettings {
    private AugmentationSettings() {}

    /** @throws JobException if two kinds of crop are asked for */
    static Augmentation of(Precedence settings) {
        boolean resizes = settings.get(Setting.RANDOM_RESIZED_CROP);
        int padding = resizes ? settings.given(Setting.CROP_PADDING).orElse(0) : settings.get(Setting.CROP_PADDING);
        if (resizes && padding > 0) {
            throw new JobException("settings random-resized-crop and crop-padding " + padding
                    + " contradict each other: leave out crop-padding, or set it to 0");
        }
        return new Augmentation(
                resizes ? new RandomResizedCrop(settings.get(Setting.CROP_SCALE)) : RandomResizedCrop.NONE,
                padding,
                settings.get(Setting.FLIP),
                new RandomAffine(
                        settings.get(Setting.ROTATION),
                        settings.get(Setting.TRANSLATE),
                        settings.get(Setting.AFFINE_SCALE),
                        settings.get(Setting.SHEAR)),
                new ColorJitter(
                        settings.get(Setting.BRIGHTNESS),
                        settings.get(Setting.CONTRAST),
                        settings.get(Setting.SATURATION)));
    }

    /** The values that give it. */
    static SettingValues addTo(SettingValues values, Augmentation augmentation) {
        SettingValues with = values.with(Setting.CROP_PADDING, augmentation.cropPadding())
                .with(Setting.FLIP, augmentation.horizontalFlip());
        if (!augmentation.resizedCrop().isNone()) {
            with = with.with(Setting.RANDOM_RESIZED_CROP, true)
                    .with(Setting.CROP_SCALE, augmentation.resizedCrop().leastScale());
        }
        for (Map.Entry<Setting<Double>, Double> strength :
                strengths(augmentation).entrySet()) {
            with = with.with(strength.getKey(), strength.getValue());
        }
        return with;
    }

    /**
     * What must be the same to go on, by the settings' keys. What is switched off is left out, but the settings that have
     * always been there.
     */
    static Map<String, String> identity(Augmentation augmentation) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put(Setting.CROP_PADDING.key(), Integer.toString(augmentation.cropPadding()));
        identity.put(Setting.FLIP.key(), Boolean.toString(augmentation.horizontalFlip()));
        if (!augmentation.resizedCrop().isNone()) {
            identity.put(
                    Setting.CROP_SCALE.key(),
                    Double.toString(augmentation.resizedCrop().leastScale()));
        }
        strengths(augmentation).forEach((setting, strength) -> identity.put(setting.key(), Double.toString(strength)));
        return identity;
    }

    /** Of the changes that are switched on. */
    private static Map<Setting<Double>, Double> strengths(Augmentation augmentation) {
        RandomAffine affine = augmentation.affine();
        ColorJitter colors = augmentation.colors();
        Map<Setting<Double>, Double> strengths = new LinkedHashMap<>();
        strengths.put(Setting.ROTATION, affine.degrees());
        strengths.put(Setting.TRANSLATE, affine.translate());
        strengths.put(Setting.AFFINE_SCALE, affine.scale());
        strengths.put(Setting.SHEAR, affine.shear());
        strengths.put(Setting.BRIGHTNESS, colors.brightness());
        strengths.put(Setting.CONTRAST, colors.contrast());
        strengths.put(Setting.SATURATION, colors.saturation());
        strengths.values().removeIf(strength -> strength == 0);
        return strengths;
    }
}
