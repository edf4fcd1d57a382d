package io.densespark.model.replica;

import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What PyTorch computed for a small network; {@code src/test/python/golden.py} says what each tensor is. */
final class GoldenFile {
    private final Map<String, NamedTensor> tensors;

    private GoldenFile(Map<String, NamedTensor> tensors) {
        this.tensors = tensors;
    }

    static GoldenFile read(String name) throws IOException {
        String resource = "/golden/" + name + ".safetensors";
        try (InputStream in = GoldenFile.class.getResourceAsStream(resource)) {
            return new GoldenFile(Safetensors.read(in, resource));
        }
    }

    float[] values(String tensor) {
        return tensors.get(tensor).values();
    }

    /** The tensors whose names begin with {@code prefix}, by the rest of their names. */
    Map<String, NamedTensor> below(String prefix) {
        Map<String, NamedTensor> found = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    int images() {
        return shape().get(1);
    }

    ImageShape image() {
        return new ImageShape(shape().get(3), shape().get(4));
    }

    /** The images of a step, {@code [N, H, W, C]}. */
    float[] pixels(int step) {
        int channels = shape().get(2);
        int size = image().pixels();
        float[] planes = values("images");
        float[] pixels = new float[images() * channels * size];
        for (int i = 0; i < pixels.length; i++) {
            int image = i / (channels * size);
            int pixel = i / channels % size;
            int channel = i % channels;
            pixels[i] = planes[((step * images() + image) * channels + channel) * size + pixel];
        }
        return pixels;
    }

    int[] labels(int step) {
        float[] all = values("labels");
        int[] labels = new int[images()];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = (int) all[step * labels.length + n];
        }
        return labels;
    }

    private List<Integer> shape() {
        return tensors.get("images").shape();
    }
}
