"""FastDFKD's inner step and student step (METHOD.md section 2) in PyTorch, as its users write them: what dfkd is timed
against on the CPU (benchmark-pytorch.py) and on a GPU (gpu-bundle/gpu_peer.py)."""
import torch
from torch import nn
from torch.nn import functional as F

import networks

NZ, CLASSES = 256, 10


class Workload:
    """What is timed: networks, images (channels, side, what they are normalised with) and the generator's width."""

    def __init__(self, teacher, student, channels=3, ngf=64, mean=0.0, std=1.0, size=32):
        self.teacher, self.student, self.channels, self.ngf, self.size = teacher, student, channels, ngf, size
        self.mean, self.std = mean, std

    def options(self, batch):
        """the same for dfkd bench"""
        return ["--random-teacher", self.teacher, "--input", f"{self.channels}x{self.size}x{self.size}",
                "--student", self.student, "--ngf", str(self.ngf), "--batch", str(batch)]


WORKLOADS = {"b": Workload("wrn40_2", "wrn16_1"), "c": Workload("resnet34", "resnet18")}


def classifier(name, channels):
    counts = {"resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3)}
    if name in counts:
        return networks.ResNet(counts[name], channels, CLASSES)
    depth, widen = name[3:].split("_")
    return networks.WideResNet(int(depth), int(widen), channels, CLASSES)


def kl(student, teacher, temperature):
    return F.kl_div(F.log_softmax(student / temperature, 1), F.softmax(teacher / temperature, 1),
                    reduction="batchmean") * temperature ** 2


def decision_adversarial(student, teacher):
    """minus the divergence of the images on which both say the same class"""
    agree = (student.argmax(1) == teacher.argmax(1)).float()
    return -(F.kl_div(F.log_softmax(student, 1), F.softmax(teacher, 1), reduction="none").sum(1) * agree).mean()


def crop_flip(x):
    """Zero-pad 4, crop, flip, each image its own, in two gathers: faster than image by image on a CPU too, and a GPU need
    not be waited for."""
    n, channels, height, width = x.shape
    p = F.pad(x, (4,) * 4)
    shift = torch.randint(0, 9, (2, n, 1), device=x.device)
    flip = torch.rand(n, 1, device=x.device) < 0.5
    rows = torch.arange(height, device=x.device) + shift[0]
    columns = torch.arange(width, device=x.device)
    columns = torch.where(flip, width - 1 - columns, columns) + shift[1]
    p = p.gather(2, rows[:, None, :, None].expand(n, channels, height, p.shape[3]))
    return p.gather(3, columns[:, None, None, :].expand(n, channels, height, width))


class Steps:
    """Networks with random weights, their optimisers, and the two steps; everything on one device."""

    def __init__(self, w, batch, device="cpu", memory_format=torch.contiguous_format, fused=False):
        def place(net):
            return net.to(device=device, memory_format=memory_format)

        self.w = w
        self.teacher, self.student = place(classifier(w.teacher, w.channels)).eval(), place(classifier(w.student, w.channels))
        self.generator = place(networks.Generator(NZ, w.ngf, w.size, w.channels)).train()
        for p in self.teacher.parameters():
            p.requires_grad_(False)
        self.z = torch.randn(batch, NZ, device=device, requires_grad=True)
        self.labels = torch.randint(0, CLASSES, (batch,), device=device)
        self.pool = torch.rand(batch, w.channels, w.size, w.size, device=device).contiguous(memory_format=memory_format)
        more = {"fused": True} if fused else {}
        self.inner_optimiser = torch.optim.Adam([{"params": self.generator.parameters()}, {"params": [self.z], "lr": 0.01}],
                                                3e-3, betas=(0.5, 0.999), **more)
        self.student_optimiser = torch.optim.SGD(self.student.parameters(), 0.1, momentum=0.9, weight_decay=1e-4, **more)
        self.watch, self.distances = False, []
        for m in self.teacher.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.register_forward_hook(self.see)

    def see(self, m, inputs, _output):
        """hook of the teacher's batch norms: how far the input's statistics are from the running ones"""
        if self.watch:
            x = inputs[0]
            self.distances.append((m.running_var - x.var((0, 2, 3), unbiased=False)).norm()
                                  + (m.running_mean - x.mean((0, 2, 3))).norm())

    def augment(self, x):
        return (crop_flip(x) - self.w.mean) / self.w.std

    def inversion_loss(self):
        x = self.augment(self.generator.images(self.z))
        self.watch, self.distances = True, []
        t = self.teacher(x)[0]
        bn = sum(self.distances)
        self.watch, self.distances = False, []
        s = self.student(x)[0]
        return 10 * bn + 0.5 * F.cross_entropy(t, self.labels) + 1.1 * decision_adversarial(s, t)

    def student_loss(self):
        x = self.augment(self.pool)
        with torch.no_grad():
            t = self.teacher(x)[0]
        return kl(self.student(x)[0], t, 20.0)

    def inner(self, inversion_loss=None):
        """One inner step; @inversion_loss: compiled.  Returns the loss, still on the device."""
        self.student.eval()
        for p in self.student.parameters():
            p.requires_grad_(False)
        loss = (inversion_loss or self.inversion_loss)()
        self.inner_optimiser.zero_grad()
        loss.backward()
        self.inner_optimiser.step()
        for p in self.student.parameters():
            p.requires_grad_(True)
        return loss

    def distil(self, student_loss=None):
        """One student step, likewise."""
        self.student.train()
        loss = (student_loss or self.student_loss)()
        self.student_optimiser.zero_grad()
        loss.backward()
        self.student_optimiser.step()
        return loss
