"""The networks by name as PyTorch modules, with state dicts as the field has them: what the fixtures are made
of (network_fixtures.py) and what is timed beside dfkd (fast_steps.py).  Each returns its logits and features, the generator
its images and what stands for features there."""
import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(cin)
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.convShortcut = nn.Conv2d(cin, cout, 1, stride, 0, bias=False) if cin != cout else None

    def forward(self, x):
        a = F.relu(self.bn1(x))
        out = self.conv2(F.relu(self.bn2(self.conv1(a))))
        return out + (x if self.convShortcut is None else self.convShortcut(a))


class Group(nn.Module):
    def __init__(self, count, cin, cout, stride):
        super().__init__()
        self.layer = nn.Sequential(*[BasicBlock(cin if i == 0 else cout, cout, stride if i == 0 else 1)
                                     for i in range(count)])

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, depth, widen, channels, classes):
        super().__init__()
        width = [16, 16 * widen, 32 * widen, 64 * widen]
        count = (depth - 4) // 6
        self.conv1 = nn.Conv2d(channels, width[0], 3, 1, 1, bias=False)
        self.block1 = Group(count, width[0], width[1], 1)
        self.block2 = Group(count, width[1], width[2], 2)
        self.block3 = Group(count, width[2], width[3], 2)
        self.bn1 = nn.BatchNorm2d(width[3])
        self.fc = nn.Linear(width[3], classes)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(self.conv1(x))))
        features = F.relu(self.bn1(x)).mean((2, 3))
        return self.fc(features), features


def unit(cin, cout, kernel, stride=1, groups=1, bias=False):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=bias), nn.BatchNorm2d(cout)


class PostBlock(nn.Module):
    """a basic block or a bottleneck, with the shortcut's name of the two forms of ResNet below"""
    def __init__(self, cin, width, stride, bottleneck, shortcut):
        super().__init__()
        cout = 4 * width if bottleneck else width
        sizes = ((1, 1, width), (3, stride, width), (1, 1, cout)) if bottleneck else ((3, stride, width), (3, 1, cout))
        self.count, self.shortcut_name, before = len(sizes), shortcut, cin
        for i, (kernel, step, after) in enumerate(sizes):
            conv, bn = unit(before, after, kernel, step)
            setattr(self, f"conv{i + 1}", conv)
            setattr(self, f"bn{i + 1}", bn)
            before = after
        setattr(self, shortcut, nn.Sequential(*(unit(cin, cout, 1, stride) if stride != 1 or cin != cout else ())))

    def forward(self, x):
        out = x
        for i in range(self.count):
            out = getattr(self, f"bn{i + 1}")(getattr(self, f"conv{i + 1}")(F.relu(out) if i else out))
        return F.relu(out + getattr(self, self.shortcut_name)(x))


class ResNet(nn.Module):
    def __init__(self, counts, channels, classes, widths=(64, 64, 128, 256, 512), bottleneck=False, shortcut="shortcut",
                 classifier="linear"):
        super().__init__()
        self.groups, self.classifier = len(counts), classifier
        self.conv1, self.bn1 = unit(channels, widths[0], 3)
        width = widths[0]
        for group, count in enumerate(counts):
            blocks = []
            for i in range(count):
                blocks.append(PostBlock(width, widths[group + 1], 2 if group and i == 0 else 1, bottleneck, shortcut))
                width = widths[group + 1] * (4 if bottleneck else 1)
            setattr(self, f"layer{group + 1}", nn.Sequential(*blocks))
        setattr(self, classifier, nn.Linear(width, classes))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for group in range(self.groups):
            x = getattr(self, f"layer{group + 1}")(x)
        features = x.mean((2, 3))
        return getattr(self, self.classifier)(features), features


def small_resnet(depth, channels, classes, widths=(16, 16, 32, 64)):
    return ResNet(((depth - 2) // 6,) * 3, channels, classes, widths, shortcut="downsample", classifier="fc")


class VGG(nn.Module):
    def __init__(self, counts, channels, classes):
        super().__init__()
        width = channels
        for block, (count, after) in enumerate(zip(counts, (64, 128, 256, 512, 512))):
            layers = []
            for _ in range(count):
                layers += [*unit(width, after, 3, bias=True), nn.ReLU()]
                width = after
            setattr(self, f"block{block}", nn.Sequential(*layers[:-1]))
        self.classifier = nn.Linear(width, classes)

    def forward(self, x):
        pools = 4 if x.shape[2] == 64 else 3
        for block in range(5):
            x = F.relu(getattr(self, f"block{block}")(x))
            x = F.max_pool2d(x, 2) if block < pools else x
        features = x.mean((2, 3))
        return self.classifier(features), features


class InvertedResidual(nn.Module):
    def __init__(self, cin, cout, stride, expansion):
        super().__init__()
        wide = cin * expansion
        layers = [nn.Sequential(*unit(cin, wide, 1), nn.ReLU6())] if expansion != 1 else []
        layers += [nn.Sequential(*unit(wide, wide, 3, stride, wide), nn.ReLU6()), *unit(wide, cout, 1)]
        self.conv = nn.Sequential(*layers)
        self.adds = stride == 1 and cin == cout

    def forward(self, x):
        return x + self.conv(x) if self.adds else self.conv(x)


class MobileNetV2(nn.Module):
    """torchvision's, or with strides of 1 pytorch-cifar-models'; the dropout of a fifth of the features is left out"""
    def __init__(self, channels, classes, stem=2, second=2):
        super().__init__()
        layers, width = [nn.Sequential(*unit(channels, 32, 3, stem), nn.ReLU6())], 32
        for expansion, after, count, stride in ((1, 16, 1, 1), (6, 24, 2, second), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                                (6, 160, 3, 2), (6, 320, 1, 1)):
            for i in range(count):
                layers.append(InvertedResidual(width, after, 1 if i else stride, expansion))
                width = after
        layers.append(nn.Sequential(*unit(width, 1280, 1), nn.ReLU6()))
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Identity(), nn.Linear(1280, classes))

    def forward(self, x):
        features = self.features(x).mean((2, 3))
        return self.classifier(features), features


class ShuffleUnit(nn.Module):
    """one that halves the size from @cin channels, or one of @cout channels that passes half of them on"""
    def __init__(self, cin, cout):
        super().__init__()
        half, self.halves = cout // 2, cin != cout
        sizes = ((half, half, 1, 1), (half, half, 3, 1), (half, half, 1, 1))
        if self.halves:
            sizes = ((cin, cin, 3, 2), (cin, half, 1, 1), (cin, half, 1, 1), (half, half, 3, 2), (half, half, 1, 1))
        for i, (before, after, kernel, stride) in enumerate(sizes):
            conv, bn = unit(before, after, kernel, stride, before if kernel == 3 else 1)
            setattr(self, f"conv{i + 1}", conv)
            setattr(self, f"bn{i + 1}", bn)

    def step(self, i, x):
        x = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x))
        return x if getattr(self, f"conv{i}").groups > 1 else F.relu(x)

    def forward(self, x):
        if self.halves:
            left, right = self.step(2, self.step(1, x)), self.step(5, self.step(4, self.step(3, x)))
        else:
            left, right = x.chunk(2, 1)
            right = self.step(3, self.step(2, self.step(1, right)))
        return torch.stack((left, right), 2).flatten(1, 2)   # channels of the two in turn


class ShuffleNetV2(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.conv1, self.bn1 = unit(channels, 24, 1)
        width = 24
        for stage, (after, count) in enumerate(((116, 3), (232, 7), (464, 3))):
            setattr(self, f"layer{stage + 1}",
                    nn.Sequential(ShuffleUnit(width, after), *[ShuffleUnit(after, after) for _ in range(count)]))
            width = after
        self.conv2, self.bn2 = unit(width, 1024, 1)
        self.linear = nn.Linear(1024, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        features = F.relu(self.bn2(self.conv2(x))).mean((2, 3))
        return self.linear(features), features


class LeNet(nn.Module):
    def __init__(self, widths, channels, classes):
        super().__init__()
        a, b, c, d = widths
        self.features = nn.Sequential(nn.Conv2d(channels, a, 5), nn.ReLU(), nn.MaxPool2d(2, 2),
                                      nn.Conv2d(a, b, 5), nn.ReLU(), nn.MaxPool2d(2, 2), nn.Conv2d(b, c, 5), nn.ReLU())
        self.fc = nn.Sequential(nn.Linear(c, d), nn.ReLU(), nn.Linear(d, classes))

    def forward(self, x):
        features = self.features(x).flatten(1)
        return self.fc(features), features


class Generator(nn.Module):
    def __init__(self, nz, ngf, size, channels):
        super().__init__()
        self.side = size // 4
        self.l1 = nn.Sequential(nn.Linear(nz, 2 * ngf * self.side ** 2))
        self.conv_blocks = nn.Sequential(
            nn.BatchNorm2d(2 * ngf), nn.Upsample(scale_factor=2),
            nn.Conv2d(2 * ngf, 2 * ngf, 3, 1, 1, bias=False), nn.BatchNorm2d(2 * ngf), nn.LeakyReLU(0.2),
            nn.Upsample(scale_factor=2), nn.Conv2d(2 * ngf, ngf, 3, 1, 1, bias=False), nn.BatchNorm2d(ngf),
            nn.LeakyReLU(0.2), nn.Conv2d(ngf, channels, 3, 1, 1), nn.Sigmoid())

    def hidden(self, z):
        x = self.l1(z)
        return self.conv_blocks[:-2](x.view(len(x), -1, self.side, self.side))

    def images(self, z):
        """alone, for who times them"""
        return self.conv_blocks[-2:](self.hidden(z))

    def forward(self, z):
        hidden = self.hidden(z)
        return self.conv_blocks[-2:](hidden), hidden.mean((2, 3))


class DCGANGenerator(nn.Module):
    def __init__(self, nz, ngf, size, channels):
        super().__init__()
        self.side = size // 16
        self.project = nn.Sequential(nn.Flatten(), nn.Linear(nz, 8 * ngf * self.side ** 2))
        layers, width = [nn.BatchNorm2d(8 * ngf)], 8 * ngf
        for after in (4 * ngf, 2 * ngf, ngf, ngf):
            layers += [nn.ConvTranspose2d(width, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
            width = after
        self.main = nn.Sequential(*layers, nn.Conv2d(width, channels, 3, 1, 1), nn.Sigmoid())

    def forward(self, z):
        x = self.project(z)
        hidden = self.main[:-2](x.view(len(x), -1, self.side, self.side))
        return self.main[-2:](hidden), hidden.mean((2, 3))


class DeepGenerator(nn.Module):
    """of a map of latents N,nz,H/16,W/16; the authors' unused linear layer is left out"""
    def __init__(self, nz, ngf, channels):
        super().__init__()
        layers, width = [], nz
        for after in (2 * ngf, 2 * ngf, ngf, ngf, ngf):
            layers += [*([nn.Upsample(scale_factor=2)] if layers else []), *unit(width, after, 3), nn.LeakyReLU(0.2)]
            width = after
        self.conv_blocks = nn.Sequential(*layers, nn.Conv2d(width, channels, 3, 1, 1), nn.Sigmoid())

    def forward(self, z):
        hidden = self.conv_blocks[:-2](z)
        return self.conv_blocks[-2:](hidden), hidden.mean((2, 3))
