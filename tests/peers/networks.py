"""The networks by name as PyTorch modules, with state dicts as the field has them: what the fixtures are made
of (network_fixtures.py) and what is timed beside dfkd (fast_steps.py).  Each returns its logits and features, the generator
its images and what stands for features there."""
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


class PostBlock(nn.Module):
    def __init__(self, cin, cout, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.shortcut = nn.Sequential()
        if stride != 1 or cin != cout:
            self.shortcut = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))

    def forward(self, x):
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, counts, channels, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 64, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        width = 64
        for group, count in enumerate(counts):
            blocks = []
            for i in range(count):
                blocks.append(PostBlock(width, 64 << group, 2 if group and i == 0 else 1))
                width = 64 << group
            setattr(self, f"layer{group + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(512, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        features = self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3))
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
