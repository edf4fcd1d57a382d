package io.densespark.model.cuda;

import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;

/** What a pass' matrices are made of: there is a form of its kernel for each. */
enum Numbers {
    /** All of floats. */
    FLOAT(""),
    /** Maps of bfloat16; gradients that are accumulated, and averages, of floats. */
    MIXED("Mixed"),
    /** All of bfloat16. */
    BFLOAT("Bfloat");

    private final String form;

    Numbers(String form) {
        this.form = form;
    }

    /** What is added to the kernel's name. */
    String form() {
        return form;
    }

    static Numbers of(Matrix... matrices) {
        int floats = 0;
        for (Matrix matrix : matrices) {
            if (matrix.storage().type() == ElementType.FLOAT) {
                floats++;
            }
        }
        if (floats == matrices.length) {
            return FLOAT;
        }
        return floats == 0 ? BFLOAT : MIXED;
    }
}
