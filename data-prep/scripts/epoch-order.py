"""The order of ten examples that EpochOrderTest expects, made without the Java code.

Run with Python 3, no packages: python3 data-prep/scripts/epoch-order.py
"""

MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def numbers(*keys):
    state = 0
    for key in keys:
        state = mix((state + GAMMA + mix((key + GAMMA) & MASK)) & MASK)
    while True:
        state = (state + GAMMA) & MASK
        yield mix(state)


def below(bound, source):
    while True:
        bits = next(source) >> 33
        # The last, incomplete run of bound numbers below 2^31 is drawn again.
        if bits < 2**31 // bound * bound:
            return bits % bound


def permutation(seed, epoch, indices):
    source = numbers(1, seed, epoch)
    order = list(indices)
    for i in range(len(order) - 1, 0, -1):
        j = below(i + 1, source)
        order[i], order[j] = order[j], order[i]
    return order


print(permutation(42, 3, range(10)))
