package io.densespark.spark.benchmark;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.spec.ImageShape;
import java.util.HashMap;
import java.util.Map;

/** Which size of feature maps a kernel works on, by the rows of one worker's matrices. */
final class MapSizes {
    private static final String NONE = "-";

    private final Map<Integer, String> sizes = new HashMap<>();

    MapSizes(Problem problem, int workers) {
        int smallest = problem.batch() / workers;
        int largest = (problem.batch() - 1) / workers + 1;
        for (int images = smallest; images <= largest; images++) {
            // The classifier's rows are images.
            add(images, new ImageShape(1, 1));
            ImageShape halved = problem.image();
            while (true) {
                add(images, halved);
                if (halved.height() == 1 || halved.width() == 1) {
                    break;
                }
                halved = halved.halved();
            }
            // Behind an ImageNet stem, odd sides are rounded the other way.
            for (int block = 0; block < problem.spec().blocks().size(); block++) {
                add(images, problem.spec().blockShape(problem.image(), block));
            }
        }
    }

    private void add(int images, ImageShape shape) {
        if (images > 0) {
            sizes.put(images * shape.pixels(), shape.toString());
        }
    }

    String of(KernelWork work) {
        return work.convolution()
                .map(Convolution::image)
                .map(ImageShape::toString)
                .orElseGet(() -> work.rows() == 0 ? NONE : sizes.getOrDefault(work.rows(), work.rows() + " rows"));
    }
}
